import { FieldErrors, shortened, type FieldErrorCode } from '@gateway/core';
import type { z } from 'zod';

/** A schema's custom check names its field code: `ctx.addIssue({ code: 'custom', message, params: { code } })`. */
export interface CustomIssueParams {
  readonly code: FieldErrorCode;
  /** Number of further faults of a listed kind. */
  readonly more?: number;
}

type Issue = z.core.$ZodIssue;

/** Adds what a schema found to the collected field errors, as pointers and the gateway's own codes. */
export function addIssues(errors: FieldErrors, issues: readonly Issue[]): void {
  const wrong = new Set(issues.filter(({ code }) => code === 'invalid_type').map(placeOf));
  for (const issue of issues) {
    if (isSize(issue) && wrong.has(placeOf(issue))) continue;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        errors.addAt([...issue.path, key], 'unknown_field', `"${shortened(key, 60)}" is not a field of this object`);
      }
      continue;
    }
    const more = issue.code === 'custom' ? (issue.params as CustomIssueParams | undefined)?.more : undefined;
    if (more !== undefined && errors.isFull) errors.addUnlisted(more);
    else errors.addAt(issue.path, codeOf(issue), detailOf(issue));
  }
}

/** A text where a list belongs has a length, too, which says nothing about it. */
const isSize = ({ code }: Issue): boolean => code === 'too_big' || code === 'too_small';

const placeOf = ({ path }: Issue): string => JSON.stringify(path);

/** @returns what the schema makes of the value. @throws GatewayProblem `validation_failed` listing every fault. */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  // Without its input a missing field cannot be distinguished from one of a wrong type.
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = new FieldErrors();
  addIssues(errors, result.error.issues);
  errors.throwIfAny();
  throw result.error;
}

function codeOf(issue: Issue): FieldErrorCode {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'invalid_type';
    case 'invalid_value':
      return issue.input === undefined ? 'required' : typeOr(issue.input, 'not_allowed');
    case 'invalid_format':
      return 'invalid_type';
    case 'too_big':
      return sizeCode(issue.origin, { string: 'too_long', array: 'too_many', other: 'too_large' });
    case 'too_small':
      return sizeCode(issue.origin, { string: 'required', array: 'too_few', other: 'not_allowed' });
    case 'custom':
      return customCode(issue.params);
    default:
      return 'not_allowed';
  }
}

/** A value that is no text at all is of a wrong type; a text that is not in the list is not allowed. */
const typeOr = (input: unknown, code: FieldErrorCode): FieldErrorCode =>
  typeof input === 'string' ? code : 'invalid_type';

const customCode = (params: unknown): FieldErrorCode =>
  (params as CustomIssueParams | undefined)?.code ?? 'not_allowed';

const sizeCode = (
  origin: string,
  codes: { readonly string: FieldErrorCode; readonly array: FieldErrorCode; readonly other: FieldErrorCode },
): FieldErrorCode => (origin === 'string' ? codes.string : origin === 'array' ? codes.array : codes.other);

function detailOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value': {
      const words = issue.values.map(String).join(', ');
      return issue.input === undefined ? `is required: one of ${words}` : `must be one of ${words}`;
    }
    case 'too_big':
      return boundOf('most', issue.maximum, issue.origin);
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : boundOf('least', issue.minimum, issue.origin);
    default:
      return issue.message;
  }
}

function boundOf(side: 'least' | 'most', bound: number | bigint, origin: string): string {
  if (origin === 'array') return `must have at ${side} ${bound} ${Number(bound) === 1 ? 'entry' : 'entries'}`;
  return `must be at ${side} ${bound}${origin === 'string' ? ' characters' : ''}`;
}
