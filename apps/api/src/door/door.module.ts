import { WorkloadRepository } from '@gateway/database';
import { CONFIG, DiskGuard, Metrics, type GatewayConfig } from '@gateway/platform';
import { Module } from '@nestjs/common';
import { Backlog } from './backlog.js';
import { Door } from './door.js';

const services = [
  {
    provide: DiskGuard,
    useFactory: ({ dataDir, minFreeDiskBytes }: GatewayConfig) => new DiskGuard(dataDir, minFreeDiskBytes),
    inject: [CONFIG],
  },
  {
    provide: Backlog,
    useFactory: (workload: WorkloadRepository, { door }: GatewayConfig) => new Backlog(() => workload.waiting(), door),
    inject: [WorkloadRepository, CONFIG],
  },
  {
    provide: Door,
    useFactory: (disk: DiskGuard, backlog: Backlog, { door: limits }: GatewayConfig, metrics: Metrics) =>
      new Door({ disk, backlog, limits, metrics }),
    inject: [DiskGuard, Backlog, CONFIG, Metrics],
  },
];

/** Whether a request is taken, and when it is worked on. */
@Module({ providers: services, exports: services })
export class DoorModule {}
