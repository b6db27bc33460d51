import type { Variables } from '../message.js';

/**
 * The value of a variable for one recipient: the recipient's own value, else the default, else nothing. Names come from
 * callers, so nothing is ever read from a prototype (`constructor`, `__proto__`).
 */
export function variableValue(name: string, defaults: Variables, own?: Variables): string {
  if (own !== undefined && Object.hasOwn(own, name)) return own[name] ?? '';
  return Object.hasOwn(defaults, name) ? (defaults[name] ?? '') : '';
}
