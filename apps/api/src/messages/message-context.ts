import { Providers } from '../providers/providers.js';
import type { MessageContext } from './envelope.js';

/** What bodies are checked against at this moment. */
export function messageContext({ all }: Providers): MessageContext {
  const forbidden = all.flatMap((provider) => provider.capabilities.forbiddenHeaders);
  return { now: new Date(), providers: all.map(({ name }) => name), forbiddenHeaders: new Set(forbidden) };
}
