import type { PlanKind } from './plan.js';
import { isReasonWord, type ReasonWord } from './reasons.js';

/** `refuse-request`: the whole request is refused because of this recipient; there is no mail that it could be a plan of. */
export type ScriptKind = PlanKind | 'refuse-request';

/** The outcome that an address asks for. */
export interface Script {
  readonly kind: ScriptKind;
  readonly reason: ReasonWord;
  readonly delayMs: number;
}

const WORDS: ReadonlyMap<string, ScriptKind> = new Map<string, ScriptKind>([
  ['bounce', 'bounced'],
  ['fail', 'failed'],
  ['slow', 'delivered'],
  ['open', 'opened'],
  ['unsubscribed', 'unsubscribed'],
  ['sent', 'sent'],
  ['unverified', 'unverified'],
  ['whitelist', 'whitelisted'],
  ['cancelled', 'cancelled'],
  ['invalid', 'refused'],
  ['refuse-request', 'refuse-request'],
  ['unknownstatus', 'unlisted'],
  ['late-bounce', 'late-bounced'],
  ['stuck', 'stuck'],
]);

const DURATION = /^(\d{1,9})(ms|s|m)$/;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

/**
 * Reads the script from the local part: `word[+argument…][.anything|digits]@…`, case-insensitive.
 * Arguments are a reason word or a duration (`250ms`, `90s`, `2m`). Undefined means: deliver normally.
 */
export function scriptOf(address: string): Script | undefined {
  const stem = stemOf(address);
  const plus = stem.indexOf('+');
  const kind = WORDS.get(plus < 0 ? stem : stem.slice(0, plus));
  if (kind === undefined) return undefined;
  let reason: ReasonWord = kind === 'failed' ? 'network' : 'unknown';
  let delayMs = 0;
  for (const argument of plus < 0 ? [] : stem.slice(plus + 1).split('+')) {
    if (isReasonWord(argument)) reason = argument;
    delayMs += durationOf(argument);
  }
  return { kind, reason, delayMs };
}

function durationOf(argument: string): number {
  const match = DURATION.exec(argument);
  return match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : 0;
}

/** The local part up to the first dot, without trailing digits and the one `-` or `_` before them. */
function stemOf(address: string): string {
  const at = address.lastIndexOf('@');
  const dot = address.indexOf('.');
  let end = dot >= 0 && dot < at ? dot : at;
  const whole = end;
  while (end > 0 && isDigit(address.charCodeAt(end - 1))) end -= 1;
  if (end < whole && end > 0 && '-_'.includes(address.charAt(end - 1))) end -= 1;
  return address.slice(0, end).toLowerCase();
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
