import { PrivacyModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { ErasuresController } from './erasures.controller.js';

/** Erasing everything about a person, with a receipt. */
@Module({ imports: [PrivacyModule], controllers: [ErasuresController] })
export class ErasuresApiModule {}
