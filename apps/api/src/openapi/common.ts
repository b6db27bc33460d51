import { idPrefixes, type IdKind } from '@gateway/core';
import { z } from 'zod';
import type { OperationDoc, ParameterDoc } from './operation.js';

/** Pieces of schemas that several resources share. */
export const instant = z.iso.datetime();

const idPattern = (kind: IdKind): string => `^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`;

export const idOf = (kind: IdKind) => z.string().meta({ pattern: idPattern(kind) });

/** The API key that did something; null: the gateway itself, or before keys were noted. */
export const keyId = idOf('apiKey').nullable();

export const pathIdOf = (kind: IdKind, example: string, description: string): ParameterDoc => ({
  description,
  schema: { type: 'string', pattern: idPattern(kind) },
  example,
});

const nextCursor = z.string().nullable().meta({ description: '`cursor` of the next page; null: this is the last one' });

export const pageOf = <T extends z.ZodType>(name: string, entry: T) =>
  z.object({ data: z.array(entry), nextCursor }).meta({ id: name });

interface ListDoc<T extends z.ZodType> extends Pick<OperationDoc, 'id' | 'summary' | 'description' | 'query'> {
  readonly page: ReturnType<typeof pageOf<T>>;
  /** The entries of the answer, and their order. */
  readonly holds: string;
  readonly example: z.input<T>;
}

/** An operation that lists a resource, a page at a time; the example is the last page, with one entry. */
export const listing = <T extends z.ZodType>({ page, holds, example, ...doc }: ListDoc<T>): OperationDoc => ({
  ...doc,
  answers: [
    { status: 200, description: holds, content: { schema: page, example: { data: [example], nextCursor: null } } },
  ],
});

/** A set of values with one sentence for each, as a named schema. `about` says what the value describes. */
export const explainedEnum = <T extends string>(id: string, about: string, meanings: Readonly<Record<T, string>>) => {
  const entries = Object.entries<string>(meanings);
  const list = entries.map(([value, meaning]) => `- \`${value}\`: ${meaning}`);
  return z.enum(entries.map(([value]) => value as T)).meta({ id, description: [about, '', ...list].join('\n') });
};
