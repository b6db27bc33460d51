import { AccessRepository } from '@gateway/database';
import { Metrics } from '@gateway/platform';
import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.js';
import { KeyBrake } from './key-brake.js';
import { KnownKeys } from './known-keys.js';
import { SealedAnswers } from './sealed-answers.js';
import { SessionController } from './session/session.controller.js';
import { Sessions } from './session/sessions.js';

const services = [
  { provide: KnownKeys, useFactory: (keys: AccessRepository) => new KnownKeys(keys), inject: [AccessRepository] },
  { provide: KeyBrake, useFactory: (metrics: Metrics) => new KeyBrake(metrics), inject: [Metrics] },
  SealedAnswers,
  Sessions,
];

/** Keys, and what each of them may do. */
@Module({ controllers: [ApiKeysController, SessionController], providers: services, exports: services })
export class AccessModule {}
