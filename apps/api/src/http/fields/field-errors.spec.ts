import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import { z } from 'zod';
import { parseWith } from './field-errors.js';

const schema = z.strictObject({
  scope: z.enum(['marketing', 'all']),
  tags: z.array(z.string()).min(2).max(3).optional(),
});

function faultsOf(value: unknown): readonly (readonly string[])[] {
  try {
    parseWith(schema, value);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
    return error.fieldErrors.map(({ pointer, code, detail }) => [pointer, code, detail]);
  }
}

describe('faults of fields', () => {
  it('says that a missing word of a list is required', () => {
    expect(faultsOf({})).toEqual([['/scope', 'required', 'is required: one of marketing, all']]);
    expect(faultsOf({ scope: 'x' })).toEqual([['/scope', 'not_allowed', 'must be one of marketing, all']]);
    expect(faultsOf({ scope: 1 })).toEqual([['/scope', 'invalid_type', 'must be one of marketing, all']]);
  });

  it.each(['a', 'long text', ''])('has one fault for a text where a list belongs: %p', (tags) => {
    expect(faultsOf({ scope: 'all', tags })).toEqual([['/tags', 'invalid_type', 'must be an array']]);
  });

  it('still measures lists', () => {
    expect(faultsOf({ scope: 'all', tags: ['a'] })).toEqual([['/tags', 'too_few', 'must have at least 2 entries']]);
  });
});
