import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stringOf, type FieldSpec } from '../../../http/fields.js';
import type { VendorContext } from '../../../http/vendor-route.js';
import { planAssigner } from '../../../outcomes/assign-plan.js';
import { acceptRequest } from '../../../state/accept-request.js';
import { RecipientTable } from '../../../state/recipient-table.js';
import type { TagBook } from './tag-book.js';
import { readRequestDate } from '../dates.js';
import { NhnError, success, type Envelope } from '../envelope.js';
import { readBody, readYesNo } from '../read-body.js';
import { readContent } from '../send/content.js';
import { COMMON_FIELDS } from '../send/fields.js';
import { lookUpFor } from '../send/routes.js';
import { compileExpression } from './tag-expression.js';
import { tagBookOf, tagRoute } from './tag-route.js';
import { appKeyOf } from '../version.js';
import { settingsOf } from '../state.js';

/** No templateParameter, templateType or senderGroupingKey (nhn.md §4.6). */
const FIELDS: FieldSpec = {
  ...COMMON_FIELDS,
  adYn: 'string',
  autoSendYn: 'string',
  attachFileIdList: 'array',
  tagExpression: 'array',
};

export const TAG_MAIL = 'sender/tagMail';

/** POST sender/tagMail: to all addresses of the UIDs that the expression chooses, at this moment. */
export function tagMailSendRoutes(app: FastifyInstance, context: VendorContext): void {
  tagRoute(app, context, { method: 'POST', url: `/${TAG_MAIL}`, operation: 'send' }, (call) => send(context, call));
}

function send(context: VendorContext, call: FastifyRequest): Envelope {
  const { simulator } = context;
  const settings = settingsOf(simulator);
  const body = readBody(call, FIELDS, settings);
  const [adYn, autoSendYn] = [readYesNo(body, 'adYn'), readYesNo(body, 'autoSendYn')];
  const content = readContent(body, adYn === 'Y' ? 'ad-eachMail' : 'eachMail', lookUpFor(simulator, call));
  const tagExpression = readExpression(body['tagExpression']);
  const now = simulator.now();
  const reservedAt = readRequestDate(stringOf(body, 'requestDate'), now, settings);
  const book = tagBookOf(context, call);
  const accepted = acceptRequest(simulator, call, {
    provider: 'nhn',
    scope: appKeyOf(call),
    operation: TAG_MAIL,
    content,
    recipients: recipientsOf(
      book,
      tagExpression,
      planAssigner(simulator, { optOuts: [simulator.blockListOf('nhn')], cancels: false }, content),
    ),
    mailSize: 1,
    acceptedAt: now,
    reservedAt,
    held: autoSendYn === 'N',
  });
  const createUser = stringOf(body, 'userId');
  book.mails.set(accepted.requestId, { tagExpression, autoSend: autoSendYn !== 'N', createUser });
  return success({ data: { requestId: accepted.requestId } });
}

function readExpression(value: unknown): readonly string[] {
  const tokens: readonly unknown[] = Array.isArray(value) ? value : [];
  if (tokens.length === 0) throw new NhnError(-7002, 'tagExpression is required.');
  return tokens.map((token) => {
    if (typeof token !== 'string') throw new NhnError(-9997, 'Message is not readable. tagExpression');
    return token;
  });
}

/** Each address once, however many UIDs have it. */
function recipientsOf(book: TagBook, expression: readonly string[], planOf: (address: string) => number) {
  const chosen = book.select(compileExpression(expression)).flatMap(({ contacts }) => [...contacts]);
  const addresses = new Map(chosen.map(([key, { contact }]) => [key, contact]));
  const table = new RecipientTable(addresses.size);
  for (const address of addresses.values()) {
    table.add({ address, name: null, type: 0, parameters: undefined, plan: planOf(address) });
  }
  return table;
}
