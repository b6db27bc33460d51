import type { Clock } from '@gateway/platform';
import type { Providers } from '../providers/providers.js';
import type { MessageContext } from './envelope.js';

/** What bodies are checked against. */
export class MessageContexts {
  constructor(
    private readonly providers: Providers,
    private readonly clock: Clock,
  ) {}

  now(): MessageContext {
    const { all } = this.providers;
    const forbidden = all.flatMap((provider) => provider.capabilities.forbiddenHeaders);
    return {
      now: this.clock.now(),
      providers: all.map(({ name }) => name),
      forbiddenHeaders: new Set(forbidden),
    };
  }
}
