import { ProviderUnavailableError } from '@gateway/core';
import type { SensApi } from './sens.api.js';
import { projectListSchema } from './sens.wire.js';

const PAGE = 100;
const MOST_SHOWN = 5;

/** Asks which mail services the account has, to tell a wrong service id from keys that may not use it (sens.md §7). */
export async function serviceHint(api: SensApi, serviceId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const query = [['pageSize', PAGE]] as const;
    const { data } = await api.question('/common/v2/projects', query, projectListSchema, signal);
    const services = data.flatMap(({ mailService }) => mailService?.serviceId ?? []);
    if (services.includes(serviceId)) return 'the project list has this mail service; check its rights and its state';
    if (services.length === 0) return 'no project of these keys has a mail service';
    const shown = services.slice(0, MOST_SHOWN).join(', ');
    return `the mail services of these keys are others: ${shown}${services.length > MOST_SHOWN ? ', …' : ''}`;
  } catch (error) {
    if (error instanceof ProviderUnavailableError) return undefined;
    throw error;
  }
}
