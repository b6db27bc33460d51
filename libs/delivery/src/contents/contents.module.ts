import { Module } from '@nestjs/common';
import { RotateContentKeysService } from './rotate-content-keys.service.js';

/** Keys of contents that are encrypted at rest. */
@Module({ providers: [RotateContentKeysService], exports: [RotateContentKeysService] })
export class ContentsModule {}
