import { EventsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { EventStreamController } from './event-stream.controller.js';
import { EventsController } from './events.controller.js';
import { OpenStreams } from './open-streams.js';

/** The log of events, as pages and as a live stream. */
@Module({
  imports: [AccessModule, EventsModule],
  controllers: [EventsController, EventStreamController],
  providers: [OpenStreams],
})
export class EventsApiModule {}
