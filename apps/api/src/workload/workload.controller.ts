import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { readWorkload } from './workload.openapi.js';
import { WorkloadService } from './workload.service.js';

/** For dashboards: the work under way of all clients, by account and lane. */
@ApiTags('Providers')
@Controller('v1/workload')
@NeedsScope('providers')
export class WorkloadController {
  constructor(private readonly workload: WorkloadService) {}

  @Get()
  @Documented(readWorkload)
  read(): Promise<unknown> {
    return this.workload.find();
  }
}
