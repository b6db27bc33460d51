import { isAddress } from '../../../http/address.js';
import { isObject, stringOf, type JsonObject } from '../../../http/fields.js';
import { scriptOf } from '../../../outcomes/grammar.js';
import { RecipientTable } from '../../../state/recipient-table.js';
import { invalid } from '../errors.js';
import type { SensSettings } from '../settings.js';
import { atMost, bytes, checkFields, parametersOf } from './checks.js';
import { LIMITS, RECIPIENT_FIELDS } from './fields.js';

/** In the order of RecipientInput.type. */
export const TYPES = ['TO', 'CC', 'BCC'] as const;

interface RecipientRules {
  readonly settings: SensSettings;
  readonly individual: boolean;
  readonly planOf: (address: string) => number;
}

/** Checks and stores the recipients; throws for the first that breaks a rule of sens.md §2.1. */
export function readRecipients(value: unknown, rules: RecipientRules): RecipientTable {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  if (entries.length > LIMITS.recipients) throw invalid('recipients', `is over ${LIMITS.recipients}`);
  const table = new RecipientTable(entries.length);
  const perType = [0, 0, 0];
  entries.forEach((entry, position) => {
    const path = `recipients[${position}].`;
    if (!isObject(entry)) throw invalid(`recipients[${position}]`, 'must be object');
    checkFields(entry, RECIPIENT_FIELDS, rules.settings, path);
    const type = typeOf(entry, path);
    perType[type] = (perType[type] ?? 0) + 1;
    table.add({
      address: addressOf(entry, path),
      name: atMost(entry, 'name', LIMITS.nameBytes, path),
      type,
      parameters: parametersOf(entry['parameters'], `${path}parameters`),
      plan: rules.planOf(stringOf(entry, 'address') ?? ''),
    });
  });
  checkTypes(perType, rules.individual);
  return table;
}

/** Members of groups, each once; no limit applies to them. */
export function membersTable(members: readonly string[], planOf: RecipientRules['planOf']): RecipientTable {
  if (members.length === 0) throw invalid('recipientGroupFilter.groups', 'have no members');
  const table = new RecipientTable(members.length);
  for (const address of members)
    table.add({ address, name: null, type: 0, parameters: undefined, plan: planOf(address) });
  return table;
}

function addressOf(entry: JsonObject, path: string): string {
  const address = stringOf(entry, 'address') ?? '';
  const isGood = isAddress(address) && bytes(address) <= LIMITS.addressBytes;
  if (!isGood || scriptOf(address)?.kind === 'refuse-request') throw invalid(`${path}address`, 'is not an address');
  return address;
}

function typeOf(entry: JsonObject, path: string): number {
  const type = (TYPES as readonly string[]).indexOf(stringOf(entry, 'type') ?? 'TO');
  if (type < 0) throw invalid(`${path}type`, `must be one of ${TYPES.join(', ')}`);
  return type;
}

function checkTypes([to = 0, cc = 0, bcc = 0]: readonly number[], individual: boolean): void {
  if (to === 0) throw invalid('recipients', 'needs one of type TO');
  if (individual && cc + bcc > 0) throw invalid('recipients', 'of type CC and BCC need individual=false');
  if (cc > LIMITS.carbonCopies || bcc > LIMITS.carbonCopies) throw invalid('recipients', 'has more than 30 CC or BCC');
}
