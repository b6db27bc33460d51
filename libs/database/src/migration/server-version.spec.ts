import { describe, expect, it } from '@jest/globals';
import type { Queryable } from '../database.js';
import { expectServer } from './server-version.js';

const serverOf = (number: string, version: string): Queryable =>
  ({ query: async () => ({ rows: [{ number, version }] }) }) as unknown as Queryable;

describe(expectServer.name, () => {
  it.each([
    ['150000', '15.0'],
    ['180004', '18.4'],
    ['190000', '19beta1'],
  ])('takes %s', async (number, version) => {
    await expect(expectServer(serverOf(number, version))).resolves.toBeUndefined();
  });

  it.each([
    ['140018', '14.18 (Ubuntu 14.18-0ubuntu0.22.04.1)'],
    ['90624', '9.6.24'],
  ])('refuses %s in one line', async (number, version) => {
    await expect(expectServer(serverOf(number, version))).rejects.toThrow(
      `PostgreSQL ${version} is too old: the gateway needs 15 or newer.`,
    );
  });
});
