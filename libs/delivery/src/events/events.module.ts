import { Module } from '@nestjs/common';
import { EventLog } from './event-log.js';
import { LiveLog } from './live-log.js';

/** Reading the log, page by page or live. */
@Module({ providers: [EventLog, LiveLog], exports: [EventLog, LiveLog] })
export class EventsModule {}
