import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { createContext } from './create-context.js';
import { PlatformModule } from './platform.module.js';
import { STOPPING } from './tokens.js';
import { silentLogger } from '../logging/logger.js';

@Injectable()
class Clerk {}

@Module({ providers: [{ provide: 'desk', useFactory: (clerk: Clerk) => clerk, inject: [Clerk] }] })
class OfficeWithoutClerk {}

describe(createContext.name, () => {
  it('names a part that is missing', async () => {
    await expect(createContext([OfficeWithoutClerk])).rejects.toThrow(/desk.*Clerk/s);
  });

  it('gives every module the platform of its process', async () => {
    const stopping = AbortSignal.abort();
    const context = await createContext([
      PlatformModule.forRoot({ name: 'test', config: {} as never, log: silentLogger(), stopping }),
    ]);
    expect(context.get(STOPPING, { strict: false })).toBe(stopping);
    await context.close();
  });
});
