import { createHash } from 'node:crypto';

/** Key of what a vendor keeps for a project: the same for all accounts that reach it, and no secret. */
export const projectKey = (vendor: string, baseUrl: string, id: string): string =>
  createHash('sha256')
    .update(JSON.stringify([vendor, baseUrl, id]))
    .digest('hex')
    .slice(0, 32);
