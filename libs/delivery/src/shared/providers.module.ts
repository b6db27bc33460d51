import type { EmailProvider } from '@gateway/core';
import { Metrics } from '@gateway/platform';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ProviderDirectory } from './provider-directory.js';

/** The accounts in the order of preference, as an app connects them. */
export interface Connected {
  readonly providers: readonly EmailProvider[];
  /** `listener` is called with the name of each account that goes over to new secrets. */
  readonly onNewSecrets?: (listener: (account: string) => void) => void;
  /** Ends their connections. */
  close(): Promise<void>;
}

export const CONNECTED = Symbol('CONNECTED');

/** The accounts of one process. Services know only the port in `core`; an app chooses the adapters behind it. */
@Global()
@Module({})
export class ProvidersModule implements OnApplicationShutdown {
  constructor(@Inject(CONNECTED) private readonly connected: Connected) {}

  static forRoot(connect: (metrics: Metrics) => Connected): DynamicModule {
    const directory = {
      provide: ProviderDirectory,
      useFactory: ({ providers }: Connected) => new ProviderDirectory(providers),
      inject: [CONNECTED],
    };
    const connected = { provide: CONNECTED, useFactory: connect, inject: [Metrics] };
    return { module: ProvidersModule, providers: [connected, directory], exports: [directory, connected] };
  }

  /** For a program that reaches no provider. */
  static none(): DynamicModule {
    return ProvidersModule.forRoot(() => ({ providers: [], close: async () => undefined }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connected.close();
  }
}
