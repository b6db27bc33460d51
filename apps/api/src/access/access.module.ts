import { AccessRepository } from '@gateway/database';
import { LOGGER, Metrics, type Logger } from '@gateway/platform';
import { Module } from '@nestjs/common';
import { RevealController } from './addresses/reveal.controller.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { Callers } from './callers.js';
import { KeyBrake } from './key-brake.js';
import { KeyRules } from './keys/key-rules.js';
import { KnownKeys } from './known-keys.js';
import { NotedUses } from './noted-uses.js';
import { KeyPace } from './pace/key-pace.js';
import { SealedAnswers } from './sealed-answers.js';
import { RefusedSignIns } from './session/refused-sign-ins.js';
import { SessionController } from './session/session.controller.js';
import { Sessions } from './session/sessions.js';

const services = [
  { provide: KnownKeys, useFactory: (keys: AccessRepository) => new KnownKeys(keys), inject: [AccessRepository] },
  { provide: KeyBrake, useFactory: (metrics: Metrics) => new KeyBrake(metrics), inject: [Metrics] },
  {
    provide: NotedUses,
    useFactory: (keys: AccessRepository, log: Logger) => new NotedUses(keys, log),
    inject: [AccessRepository, LOGGER],
  },
  Callers,
  KeyPace,
  KeyRules,
  RefusedSignIns,
  SealedAnswers,
  Sessions,
];

/** Keys, and what each of them may do. */
@Module({
  controllers: [ApiKeysController, RevealController, SessionController],
  providers: services,
  exports: services,
})
export class AccessModule {}
