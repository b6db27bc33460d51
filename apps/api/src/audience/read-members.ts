import { FieldErrors } from '@gateway/core';
import type { Members } from '@gateway/delivery';
import { Turns } from '@gateway/platform';
import type { z } from 'zod';
import { addressText } from '../http/fields/address.js';
import { addIssues } from '../http/fields/field-errors.js';
import { contactId, type memberLists } from './groups.schema.js';

/** Reads up to 100,000 members, in turns. @throws GatewayProblem `validation_failed` with everything that is wrong. */
export async function readMembers({ addresses, contactIds }: z.output<typeof memberLists>): Promise<Members> {
  return contactIds === undefined
    ? { addresses: await readAll('addresses', addresses ?? [], addressText) }
    : { contactIds: await readAll('contactIds', contactIds, contactId) };
}

async function readAll(name: string, entries: readonly unknown[], schema: z.ZodType<string>): Promise<string[]> {
  const turns = new Turns();
  const errors = new FieldErrors();
  const read: string[] = [];
  for (const [i, entry] of entries.entries()) {
    const { data, error } = schema.safeParse(entry, { reportInput: true });
    if (data === undefined)
      addIssues(
        errors,
        (error?.issues ?? []).map((issue) => ({ ...issue, path: [name, i, ...issue.path] })),
      );
    else read.push(data);
    const rest = turns.rest();
    if (rest !== undefined) await rest;
  }
  errors.throwIfAny();
  return read;
}
