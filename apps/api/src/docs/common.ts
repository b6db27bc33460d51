import { idPrefixes, type IdKind } from '@gateway/core';
import { z } from 'zod';
import type { ParameterDoc } from './operation.js';

/** Pieces of schemas that several resources share. */
export const instant = z.iso.datetime();

const idPattern = (kind: IdKind): string => `^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`;

export const idOf = (kind: IdKind) => z.string().meta({ pattern: idPattern(kind) });

export const pathIdOf = (kind: IdKind, example: string, description: string): ParameterDoc => ({
  description,
  schema: { type: 'string', pattern: idPattern(kind) },
  example,
});

const nextCursor = z.string().nullable().meta({ description: '`cursor` of the next page; null: this is the last one' });

export const pageOf = <T extends z.ZodType>(name: string, entry: T) =>
  z.object({ data: z.array(entry), nextCursor }).meta({ id: name });
