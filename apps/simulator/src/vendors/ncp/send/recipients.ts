import { isAddress } from '../../../http/address.js';
import { isObject, stringOf, type JsonObject } from '../../../http/fields.js';
import { scriptOf } from '../../../outcomes/grammar.js';
import { RecipientTable } from '../../../state/recipient-table.js';
import type { NcpSettings } from '../settings.js';
import { badRequest } from '../errors.js';
import { checkFields, parametersOf } from './content.js';
import { LIMITS, RECIPIENT_FIELDS } from './fields.js';

const TYPES = ['R', 'C', 'B'];

interface RecipientRules {
  readonly settings: NcpSettings;
  readonly individual: boolean;
  /** Plan of a valid address. */
  readonly planOf: (address: string) => number;
  /** Plan of a malformed address where the settings let it through. */
  readonly refusedPlan: number;
}

/**
 * Checks and stores the recipients, and the members of groups if a filter chose some; throws 77102 for the first that
 * breaks a rule of ncp.md §3.1.
 */
export function readRecipients(
  value: unknown,
  members: readonly string[] | undefined,
  rules: RecipientRules,
): RecipientTable {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  if (entries.length === 0 && members === undefined) throw badRequest('recipients is required');
  if (entries.length > LIMITS.recipients) throw badRequest(`recipients is over ${LIMITS.recipients}`);
  const table = new RecipientTable(entries.length + (members?.length ?? 0));
  const perType = [0, 0, 0];
  entries.forEach((entry, position) => {
    const path = `recipients[${position}].`;
    if (!isObject(entry)) throw badRequest(`${path} must be object`);
    checkFields(entry, RECIPIENT_FIELDS, rules.settings, path);
    const type = typeOf(entry, path);
    perType[type] = (perType[type] ?? 0) + 1;
    const address = stringOf(entry, 'address') ?? '';
    table.add({
      address,
      name: nameOf(entry, path),
      type,
      parameters: parametersOf(entry['parameters'], `${path}parameters`),
      plan: planFor(address, rules, path),
    });
  });
  checkTypes(perType, rules.individual);
  addMembers(table, members ?? [], rules);
  return table;
}

/** Members of groups follow the named recipients, without those that are named already. No limit applies here. */
function addMembers(table: RecipientTable, members: readonly string[], rules: RecipientRules): void {
  const named = new Set(table.addresses.slice(0, table.count).map((address) => address.toLowerCase()));
  for (const address of members) {
    if (named.has(address.toLowerCase())) continue;
    table.add({ address, name: null, type: 0, parameters: undefined, plan: rules.planOf(address) });
  }
  if (table.count === 0 && rules.settings.emptyGroups === 'refuse') throw badRequest('the groups are empty');
}

function planFor(address: string, rules: RecipientRules, path: string): number {
  if (scriptOf(address)?.kind === 'refuse-request') throw badRequest(`${path}address is one that is not taken`);
  if (isAddress(address) && address.length <= rules.settings.addressMaxLength) return rules.planOf(address);
  if (rules.settings.invalidRecipient === 'fail-recipient' && address !== '') return rules.refusedPlan;
  throw badRequest(`${path}address is not an e-mail address`);
}

function typeOf(entry: JsonObject, path: string): number {
  const type = TYPES.indexOf(stringOf(entry, 'type') ?? 'R');
  if (type < 0) throw badRequest(`${path}type must be R, C or B`);
  return type;
}

/** The page says length; bytes is the stricter reading (ncp.md §3.1). */
function nameOf(entry: JsonObject, path: string): string | null {
  const name = stringOf(entry, 'name');
  if (name !== null && Buffer.byteLength(name, 'utf8') > LIMITS.recipientNameBytes) {
    throw badRequest(`${path}name is over ${LIMITS.recipientNameBytes} bytes`);
  }
  return name;
}

function checkTypes(perType: readonly number[], individual: boolean): void {
  const [, copies = 0, blindCopies = 0] = perType;
  if (individual && copies + blindCopies > 0) throw badRequest('individual mail allows only recipients of type R');
  if (copies > LIMITS.carbonCopies) throw badRequest(`more than ${LIMITS.carbonCopies} recipients of type C`);
  if (blindCopies > LIMITS.carbonCopies) throw badRequest(`more than ${LIMITS.carbonCopies} recipients of type B`);
}
