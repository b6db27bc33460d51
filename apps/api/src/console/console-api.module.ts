import { Module } from '@nestjs/common';
import { PreviewController } from './preview.controller.js';

/** The console's needs besides `/v1`. */
@Module({ controllers: [PreviewController] })
export class ConsoleApiModule {}
