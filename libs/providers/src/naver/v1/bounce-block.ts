import type { ProviderBounceBlock } from '@gateway/core';
import { z } from 'zod';
import type { V1Api } from './api.js';
import { manage } from './manage.js';

const PATH = '/config';
const TYPE = 'SEND_BLOCK_TIME';

/** Hours. The answer names no unit; 2026-11, ncp.md §8: the default of 7 days is given as 168 hours. */
const configSchema = z.object({ value: z.union([z.number(), z.string().regex(/^\d{1,6}$/)]).transform(Number) });

/** getConfig and createConfig: how long an address is on the send block list. */
export const createV1BounceBlock = (api: V1Api): ProviderBounceBlock => ({
  leastHours: 168,
  hours: async (signal) =>
    (await manage(api, { method: 'GET', path: `${PATH}?type=${TYPE}` }, configSchema, signal)).value,
  setHours: async (hours, signal) => {
    const body = { type: TYPE, subType: null, value: String(hours), unit: 'HOUR' };
    await manage(api, { method: 'POST', path: PATH, body }, z.unknown(), signal);
  },
});
