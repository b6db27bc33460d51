import {
  MAX_AUDIENCE_DEPTH,
  MAX_AUDIENCE_GROUPS,
  MAX_LIST_GROUPS,
  isGroupName,
  type AudienceExpression,
  type FieldErrorCode,
  type FieldErrors,
} from '@gateway/core';
import { z } from 'zod';
import { mayFit } from '../../http/fields/text.js';
import { isListForm, readListExpression } from './list-expression.js';
import { isObject } from '../../http/fields/mailbox.js';

/** Of a group, in characters. */
const LONGEST_NAME = 100;
const WORDS = ['all', 'any', 'not'] as const;

type Report = (pointer: string, code: FieldErrorCode, detail: string) => void;

/** Reads an expression over groups; tells everything that is wrong with it, each with its place. */
class ExpressionReader {
  private groups = 0;

  constructor(private readonly report: Report) {}

  read(value: unknown, pointer: string, depth: number): AudienceExpression | undefined {
    if (typeof value === 'string') return this.readName(value, pointer);
    if (!isObject(value))
      return this.fail(pointer, 'invalid_type', 'must be a name, or an object with all, any or not');
    if (depth >= MAX_AUDIENCE_DEPTH) {
      return this.fail(pointer, 'too_many', `is nested deeper than ${MAX_AUDIENCE_DEPTH} levels`);
    }
    return this.readObject(value, pointer, depth + 1);
  }

  private readObject(value: Record<string, unknown>, pointer: string, depth: number): AudienceExpression | undefined {
    const members = Object.keys(value).slice(0, WORDS.length + 1);
    const [word] = WORDS.filter((name) => value[name] !== undefined);
    if (word === undefined) return this.fail(pointer, 'required', 'one of all, any and not is required');
    for (const name of members.filter((member) => member !== word)) {
      this.fail(`${pointer}/${name}`, 'not_allowed', `cannot be combined with ${word}; nest them instead`);
    }
    const below = `${pointer}/${word}`;
    if (word === 'not') {
      const not = this.read(value['not'], below, depth);
      return not === undefined ? undefined : { not };
    }
    const parts = this.readList(value[word], below, depth);
    if (parts === undefined) return undefined;
    return word === 'all' ? { all: parts } : { any: parts };
  }

  private readList(value: unknown, pointer: string, depth: number): AudienceExpression[] | undefined {
    if (!Array.isArray(value)) return this.fail(pointer, 'invalid_type', 'must be a list');
    if (value.length === 0) return this.fail(pointer, 'too_few', 'must have at least one entry');
    if (value.length > MAX_AUDIENCE_GROUPS) {
      return this.fail(pointer, 'too_many', `names more than ${MAX_AUDIENCE_GROUPS} groups`);
    }
    const parts = value.map((part, i) => this.read(part, `${pointer}/${i}`, depth));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }

  private readName(value: string, pointer: string): string | undefined {
    const name = mayFit(value, LONGEST_NAME) ? value.normalize('NFC') : '';
    this.groups += 1;
    if (this.groups === MAX_AUDIENCE_GROUPS + 1) {
      return this.fail(pointer, 'too_many', `an audience names at most ${MAX_AUDIENCE_GROUPS} groups`);
    }
    if (!isGroupName(name)) return this.fail(pointer, 'unknown_reference', 'is not the name of a group');
    return name;
  }

  private fail(pointer: string, code: FieldErrorCode, detail: string): undefined {
    this.report(pointer, code, detail);
    return undefined;
  }
}

/** `"vip"`, `{"all": […]}`, `{"any": […]}`, `{"not": …}`. */
export const audienceExpression = z
  .unknown()
  .meta({
    description:
      'Instead of recipients: who is in these groups when the message is due. `"vip"`, `{"all": […]}`, ' +
      `\`{"any": […]}\` or \`{"not": …}\`, nested at most ${MAX_AUDIENCE_DEPTH} deep, with at most ` +
      `${MAX_AUDIENCE_GROUPS} groups. Or lists at a provider: ` +
      '`{"provider": "<account>", "groups": ["vip"], "match": "all"}`',
    oneOf: [
      { type: 'string' },
      { type: 'object', properties: { all: { type: 'array' } }, required: ['all'], additionalProperties: false },
      { type: 'object', properties: { any: { type: 'array' } }, required: ['any'], additionalProperties: false },
      { type: 'object', properties: { not: {} }, required: ['not'], additionalProperties: false },
      {
        type: 'object',
        properties: {
          provider: { type: 'string' },
          groups: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MAX_LIST_GROUPS },
          match: { type: 'string', enum: ['all', 'any'], default: 'any' },
        },
        required: ['provider', 'groups'],
        additionalProperties: false,
      },
    ],
  })
  .transform((value, ctx) => {
    const report: Report = (pointer, code, message) =>
      ctx.addIssue({ code: 'custom', message, params: { code }, path: pointer.split('/').slice(1) });
    if (value === undefined) return undefined;
    return isListForm(value) ? readListExpression(value, report) : new ExpressionReader(report).read(value, '', 0);
  });

const LISTS = ['recipients', 'to', 'cc', 'bcc'] as const;

/** Fields that an audience excludes, because each of its members gets a mail of their own. */
export function checkAudience(body: Readonly<Record<string, unknown>>, errors: FieldErrors): void {
  for (const field of LISTS) {
    if (body[field] !== undefined)
      errors.add(`/${field}`, 'not_allowed', 'cannot be combined with audience; use one of them');
  }
  if (body['delivery'] === 'shared') {
    errors.add('/delivery', 'not_allowed', 'a shared mail would show an audience to each other; use "individual"');
  }
  if (body['category'] === 'authentication') {
    errors.add('/audience', 'not_allowed', 'an authentication message has exactly one recipient');
  }
}
