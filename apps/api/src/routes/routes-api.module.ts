import { RoutesModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { RoutesController } from './routes.controller.js';

/** Reading, changing and trying routes. */
@Module({ imports: [RoutesModule], controllers: [RoutesController] })
export class RoutesApiModule {}
