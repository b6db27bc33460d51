import { ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';

/**
 * 2026-11, nhn.md §0.1: since 2026-03-24 calls about tags, UIDs and tag mail get an "end of support" reply. Its form is
 * not documented: code -9998 ("no such API"), HTTP 404 or 410, or words that say so.
 */
const NO_SUCH_API = '-9998';
const GONE: ReadonlySet<number | undefined> = new Set([404, 410]);
const WORDS =
  /end(ed)?[ -]of[ -](support|service|life)|no longer (supported|available)|retired|discontinued|지원.{0,8}종료|서비스.{0,8}종료/i;

interface Words {
  readonly code?: string;
  readonly message?: string;
  readonly httpStatus?: number;
}

/** Does an answer to a call about tags say that there are none any more? */
export const saysRetired = ({ code, message, httpStatus }: Words): boolean =>
  code === NO_SUCH_API || (code === undefined && GONE.has(httpStatus)) || WORDS.test(message ?? '');

/** Turns an error of a call about tags into `retired` when the answer says so. */
export function asRetired(error: unknown): unknown {
  const told = error instanceof ProviderRefusedError || error instanceof ProviderUnavailableError;
  if (!told || !saysRetired(error.provider)) return error;
  return new ProviderRefusedError('tags have reached their end of support', error.provider, 'retired');
}
