import {
  MAX_LIST_GROUPS,
  type FieldErrorCode,
  type FieldErrors,
  type ListExpression,
  type ParsedContent,
  type Variables,
} from '@gateway/core';
import { isObject } from '../../http/fields/mailbox.js';

type Report = (pointer: string, code: FieldErrorCode, detail: string) => void;

const MEMBERS: ReadonlySet<string> = new Set(['provider', 'groups', 'match']);
const LONGEST_NAME = 100;

/** Is it meant as lists of a provider's own? */
export const isListForm = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && (value['provider'] !== undefined || value['groups'] !== undefined);

/** Reads `{"provider": "ncp", "groups": ["vip"], "match": "all"}`. `match` is "any" unless given. */
export function readListExpression(value: Record<string, unknown>, report: Report): ListExpression | undefined {
  let good = true;
  const fail: Report = (pointer, code, detail) => {
    good = false;
    report(pointer, code, detail);
  };
  const { provider, groups, match = 'any' } = value;
  for (const name of Object.keys(value)
    .filter((member) => !MEMBERS.has(member))
    .slice(0, MEMBERS.size)) {
    fail(`/${name}`, 'unknown_field', 'is not known');
  }
  if (provider === undefined) fail('/provider', 'required', 'the name of an account is required');
  else if (typeof provider !== 'string') fail('/provider', 'invalid_type', 'must be the name of an account');
  if (match !== 'all' && match !== 'any') fail('/match', 'invalid_type', 'must be "all" or "any"');
  const names = readNames(groups, fail);
  return good ? { provider: provider as string, groups: names, match: match as ListExpression['match'] } : undefined;
}

function readNames(groups: unknown, fail: Report): readonly string[] {
  if (groups === undefined) fail('/groups', 'required', 'a list of names is required');
  else if (!Array.isArray(groups)) fail('/groups', 'invalid_type', 'must be a list of names');
  else if (groups.length === 0) fail('/groups', 'too_few', 'must have at least one name');
  else if (groups.length > MAX_LIST_GROUPS) fail('/groups', 'too_many', `has more than ${MAX_LIST_GROUPS} names`);
  else return readEach(groups, fail);
  return [];
}

function readEach(groups: readonly unknown[], fail: Report): readonly string[] {
  const names = groups.map((name, i) => {
    if (typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME) return name.normalize('NFC');
    fail(`/groups/${i}`, 'invalid_type', 'must be a name');
    return '';
  });
  names.forEach((name, i) => {
    if (names.indexOf(name) < i) fail(`/groups/${i}`, 'not_allowed', 'is given twice');
  });
  return names;
}

/** Members of a provider's list have no values of their own. */
export function checkListVariables(content: ParsedContent, variables: Variables = {}, errors: FieldErrors): void {
  const used = [...content.subject, ...content.body].flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
  for (const name of new Set(used)) {
    if (Object.hasOwn(variables, name)) continue;
    errors.add(
      `/variables/${name}`,
      'missing_variable',
      `{{${name}}} has no value; a list has none for each recipient`,
    );
  }
}
