import { isObject } from '../../../http/fields.js';
import type { Simulator } from '../../../state/simulator.js';
import { invalid } from '../errors.js';
import { membersOf } from '../project.js';
import { settingsOf } from '../state.js';
import { checkFields } from './checks.js';
import { GROUP_FILTER_FIELDS } from './fields.js';

/** The addresses that `recipientGroupFilter` stands for at this moment, `undefined` without a filter (sens.md §2.1). */
export function readGroupFilter(simulator: Simulator, filter: unknown): readonly string[] | undefined {
  if (!isObject(filter)) return undefined;
  checkFields(filter, GROUP_FILTER_FIELDS, settingsOf(simulator), 'recipientGroupFilter.');
  const { operator, groups } = filter;
  const isAnd = operator === 'AND';
  if (!isAnd && (operator ?? 'OR') !== 'OR') throw invalid('recipientGroupFilter.operator', 'must be AND or OR');
  const names: readonly unknown[] = Array.isArray(groups) ? groups : [];
  if (names.length === 0) throw invalid('recipientGroupFilter.groups', 'needs a group');
  const lists = names.map((name, at) => {
    const members = typeof name === 'string' ? membersOf(simulator, name) : undefined;
    if (members === undefined) throw invalid(`recipientGroupFilter.groups[${at}]`, 'does not exist');
    return members;
  });
  const any = [...new Set(lists.flat())];
  return isAnd ? any.filter((address) => lists.every((members) => members.includes(address))) : any;
}
