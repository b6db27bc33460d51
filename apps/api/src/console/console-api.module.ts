import { Module } from '@nestjs/common';
import { PreviewController } from './preview.controller.js';

/** What the console needs besides `/v1`. */
@Module({ controllers: [PreviewController] })
export class ConsoleApiModule {}
