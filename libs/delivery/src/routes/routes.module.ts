import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { ChangeRoutesService } from './change-routes.service.js';
import { DryRunRoutesService } from './dry-run-routes.service.js';
import { HaltRoutesService } from './halt-routes.service.js';
import { RoutesInForce } from './routes-in-force.js';
import { ShadowRoutesService } from './shadow-routes.service.js';

const services = [RoutesInForce, ChangeRoutesService, DryRunRoutesService, HaltRoutesService, ShadowRoutesService];

/** Which mail goes through which account: the routes, their guards and their shadows. */
@Module({ imports: [AttachmentsModule], providers: services, exports: services })
export class RoutesModule {}
