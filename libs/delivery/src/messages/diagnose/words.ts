import { encodeId, type ProviderWords } from '@gateway/core';
import type { AlikeBatches, MessageDetail } from '@gateway/database';

export const pathOf = ({ id }: Pick<MessageDetail, 'id'>): string => `/v1/messages/${encodeId('message', id)}`;

/** The account, with the provider's own words. */
export const wordsOf = ({
  provider,
  code,
  message,
}: Pick<AlikeBatches, 'provider' | 'code' | 'message'>): ProviderWords & { readonly name: string } => ({
  name: provider,
  ...(code !== null && { code }),
  ...(message !== null && { message }),
});

export const people = (count: number): string => (count === 1 ? '1 recipient' : `${count} recipients`);

export const amount = ({ recipients, batches }: Pick<AlikeBatches, 'recipients' | 'batches'>): string =>
  batches === 1 ? people(recipients) : `${people(recipients)} in ${batches} batches`;

/** How often something was done, with its verb. */
export function done(verb: string, count: number): string {
  if (count === 0) return `has not been ${verb} yet`;
  return count === 1 ? `was ${verb} once` : `was ${verb} ${count} times`;
}

export const countsOf = ({ recipients, batches }: Pick<AlikeBatches, 'recipients' | 'batches'>) => ({
  recipients,
  batches,
});
