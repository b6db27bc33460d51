import { isAddress } from '../../../http/address.js';
import { isObject, stringOf, type JsonObject } from '../../../http/fields.js';
import type { PlanTable } from '../../../outcomes/plan.js';
import { scriptOf } from '../../../outcomes/grammar.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Parameters } from '../../../state/parameters.js';
import { RecipientTable } from '../../../state/recipient-table.js';
import type { NhnSettings } from '../settings.js';
import { NhnError } from '../envelope.js';
import { checkFields } from './content.js';
import { isGeneral, MAX_RECEIVERS, receiverFields, RECEIVE_TYPES, type SendKind } from './fields.js';
import { TemplateText } from '../mails/template-text.js';

/** Entry of `results[]` (nhn.md §4.1). */
export interface ReceiverResult {
  readonly receiveMailAddr: string | null;
  readonly receiveName: string | null;
  readonly receiveType: string | null;
  readonly resultCode: number;
  readonly resultMessage: string;
}

export interface ReceiverRules {
  readonly kind: SendKind;
  readonly settings: NhnSettings;
  readonly content: MailContent;
  readonly plans: PlanTable;
  readonly planOf: (address: string) => number;
}

/** The receiver entries of a body: a list, or the one of an auth mail. Throws -2001, -2012. */
export function receiversOf(body: JsonObject, kind: SendKind): readonly unknown[] {
  if (kind === 'auth-mail') {
    if (!isObject(body['receiver'])) throw new NhnError(-2001, 'receiver is required.');
    return [body['receiver']];
  }
  const list = body['receiverList'];
  if (!Array.isArray(list) || list.length === 0) throw new NhnError(-2001, 'receiverList is required.');
  if (list.length > MAX_RECEIVERS) throw new NhnError(-2012, `Recipients are over ${MAX_RECEIVERS}.`);
  return list;
}

/** Takes the good receivers into a table and gives every one its result: partial success (nhn.md §2.9). */
export function readReceivers(entries: readonly unknown[], rules: ReceiverRules) {
  const table = new RecipientTable(entries.length);
  const texts = templateTexts(rules.content);
  const results = entries.map((entry, position): ReceiverResult => {
    if (!isObject(entry)) throw new NhnError(-9997, `Message is not readable. receiverList[${position}]`);
    checkFields(entry, receiverFields(rules.kind), rules.settings, `receiverList[${position}].`);
    const fault = faultOf(entry, rules.kind);
    const parameters = isObject(entry['templateParameter']) ? entry['templateParameter'] : undefined;
    const missing = missingKey(texts, parameters, rules);
    if (!fault) table.add({ ...columnsOf(entry), parameters, plan: planFor(entry, missing, rules) });
    return {
      receiveMailAddr: stringOf(entry, 'receiveMailAddr'),
      receiveName: stringOf(entry, 'receiveName'),
      receiveType: isGeneral(rules.kind) ? stringOf(entry, 'receiveType') : rules.settings.eachMailReceiveType,
      resultCode: fault?.code ?? 0,
      resultMessage: fault?.message ?? 'success',
    };
  });
  return { table, results };
}

const columnsOf = (entry: JsonObject) => ({
  address: stringOf(entry, 'receiveMailAddr') ?? '',
  name: stringOf(entry, 'receiveName'),
  type: Math.max(
    0,
    RECEIVE_TYPES.findIndex(({ code }) => code === entry['receiveType']),
  ),
});

const templateTexts = (content: MailContent): readonly TemplateText[] =>
  [content.title, content.body].map((text) => new TemplateText(text, content.templateType, content.advertising));

/** Whether a missing key fails the request or the mail later is unknown; the setting decides (nhn.md §2.8). */
function missingKey(texts: readonly TemplateText[], own: Parameters | undefined, rules: ReceiverRules) {
  if (rules.settings.missingParameter === 'keep') return undefined;
  for (const text of texts) {
    const key = text.missingKey(own, rules.content.parameters);
    if (key === undefined) continue;
    if (rules.settings.missingParameter === 'fail-mail') return key;
    throw new NhnError(-2109, `Replacement parameters do not match. ${key}`);
  }
  return undefined;
}

const planFor = (entry: JsonObject, missing: string | undefined, rules: ReceiverRules): number =>
  missing === undefined ? rules.planOf(columnsOf(entry).address) : rules.plans.intern('failed', 'content');

interface ReceiverFault {
  readonly code: number;
  readonly message: string;
}

/** The fault that excludes one receiver; the others are not affected. */
function faultOf(entry: JsonObject, kind: SendKind): ReceiverFault | undefined {
  const { address, name } = columnsOf(entry);
  const script = scriptOf(address)?.kind;
  // Not in the result of this one receiver, but for the request (nhn.md §3, -2051).
  if (script === 'refuse-request') throw new NhnError(-2051, 'Email is malformed.');
  const wrong = addressFaultOf(address, script === 'refused');
  if (wrong !== undefined) return wrong;
  if (name !== null && name.length > 100) return { code: -2039, message: 'receiveName is over 100 characters.' };
  return isGeneral(kind) ? typeFaultOf(stringOf(entry, 'receiveType') ?? '') : undefined;
}

function addressFaultOf(address: string, scripted: boolean): ReceiverFault | undefined {
  if (address === '') return { code: -2017, message: 'receiveMailAddr is required.' };
  if (address.length > 100) return { code: -2040, message: 'receiveMailAddr is over 100 characters.' };
  if (isAddress(address) && !scripted) return undefined;
  return { code: -2011, message: `Receiver email is malformed. ${address}` };
}

function typeFaultOf(type: string): ReceiverFault | undefined {
  if (type === '') return { code: -2018, message: 'receiveType is required.' };
  if (!RECEIVE_TYPES.some(({ code }) => code === type)) return { code: -2019, message: `Invalid receiveType. ${type}` };
  return undefined;
}
