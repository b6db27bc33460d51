import type { InjectionToken, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';

/**
 * Makes one service with these parts, by their tokens. Those that a test does not name are empty objects: using one
 * fails the test.
 */
export async function serviceWith<T>(
  service: Type<T>,
  parts: readonly (readonly [token: InjectionToken, part: unknown])[],
): Promise<T> {
  const providers = parts.map(([provide, useValue]) => ({ provide, useValue }));
  const module = await Test.createTestingModule({ providers: [service, ...providers] })
    .useMocker(() => ({}))
    .compile();
  return module.get(service);
}
