import { createHash } from 'node:crypto';

/** Of what a template says at a provider: the same texts have the same one. */
export const fingerprintOf = (parts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
