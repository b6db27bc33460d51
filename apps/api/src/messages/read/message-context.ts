import { headerLimits } from '@gateway/core';
import { ProviderDirectory } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { MessageContext } from './envelope.js';

/** The facts that bodies are checked against. */
@Injectable()
export class MessageContexts {
  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  now(): MessageContext {
    const { all, names: providers } = this.providers;
    const headers = headerLimits(all.map(({ capabilities }) => capabilities));
    return { now: this.clock.now(), providers, headers };
  }
}
