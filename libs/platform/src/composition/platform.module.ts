import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { CONFIG, LOGGER, STOPPING } from './tokens.js';

/** Configuration, log, metrics and the stop signal of one process. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(process: {
    /** Label of its metrics. */
    readonly name: string;
    readonly config: GatewayConfig;
    readonly log: Logger;
    /** Absent: services are never asked to stop. */
    readonly stopping?: AbortSignal;
  }): DynamicModule {
    const { name, config, log, stopping = new AbortController().signal } = process;
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: log },
      { provide: STOPPING, useValue: stopping },
      { provide: Metrics, useFactory: () => new Metrics({ process: name }) },
    ];
    return { module: PlatformModule, providers, exports: providers };
  }
}
