import { createHash } from 'node:crypto';
import type { RouteUse } from './route.js';

const HEX_DIGITS = 13;
const SPAN = 16 ** HEX_DIGITS;

/** A number above 0 and below 1, always the same for the same text. */
const uniform = (text: string): number => {
  const digits = createHash('sha256').update(text).digest('hex').slice(0, HEX_DIGITS);
  return (Number.parseInt(digits, 16) + 0.5) / SPAN;
};

/**
 * The accounts of a route in the order in which a seed prefers them: each is first for a share of all seeds that is its
 * share of the weights (weighted rendezvous hashing). A seed moves from an account only when that one's share shrinks or
 * another one's grows: what moved at 1 % stays moved at 25 %. An account with the weight 0 is left out.
 */
export function drawOrder(use: readonly RouteUse[], seed: string): readonly string[] {
  const eligible = use.filter(({ weight }) => weight > 0);
  if (eligible.length < 2) return eligible.map(({ account }) => account);
  return eligible
    .map(({ account, weight }) => ({ account, score: -Math.log(uniform(`${seed} ${account}`)) / weight }))
    .sort((a, b) => a.score - b.score)
    .map(({ account }) => account);
}

/** The kept part of a draw: it repeats the draw, and does not reveal the caller's key or an address. */
export const seedOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
