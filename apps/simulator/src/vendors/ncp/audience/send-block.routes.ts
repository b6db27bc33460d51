import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isAddress } from '../../../http/address.js';
import { stringOf, type JsonObject } from '../../../http/fields.js';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { progressAt } from '../../../outcomes/progress.js';
import { REASONS, type ReasonWord } from '../../../outcomes/reasons.js';
import { badRequest } from '../errors.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { readBody } from '../read-body.js';
import { scopeOf } from '../scope.js';
import { nesDateTime, nesDateTimeOrNull } from '../types.js';
import { settingsOf, storeOf } from '../state.js';

const TYPE = 'SEND_BLOCK_TIME';
const HOUR_MS = 3_600_000;
const LEAST_HOURS = 168;
const HOURS = { DAY: 24, HOUR: 1 } as const;

/** getSendBlockList, createConfig, getConfig (ncp.md §8). The list is read off the record; sending ignores it. */
export function sendBlockRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: '/send-block', operation: 'other' }, (call) => list(context, call));

  vendorRoute(app, context, { method: 'POST', url: '/config', operation: 'other' }, (call) => {
    const fields = { type: 'string', subType: 'string', value: 'string', unit: 'string' } as const;
    const body = readBody(call, fields, settingsOf(simulator));
    checkType(stringOf(body, 'type'), stringOf(body, 'subType'));
    const value = stringOf(body, 'value') ?? '';
    storeOf(simulator).sendBlockTimes.of(scopeOf(call)).hours = hoursOf(value, body);
    return { type: TYPE, subType: null, value };
  });

  vendorRoute(app, context, { method: 'GET', url: '/config', operation: 'other' }, (call) => {
    const query = queryOf(call);
    checkType(lastOf(query, 'type') ?? null, lastOf(query, 'subType') ?? null);
    return { type: TYPE, subType: null, value: String(storeOf(simulator).sendBlockTimes.of(scopeOf(call)).hours) };
  });
}

function checkType(type: string | null, subType: string | null): void {
  if (type !== TYPE) throw badRequest(`type must be ${TYPE}`);
  if (subType !== null) throw badRequest('subType is unknown');
}

function hoursOf(value: string, body: JsonObject): number {
  const unit = stringOf(body, 'unit');
  if (unit !== 'DAY' && unit !== 'HOUR') throw badRequest('unit must be DAY or HOUR');
  const hours = /^\d{1,6}$/.test(value) ? Number(value) * HOURS[unit] : 0;
  if (hours < LEAST_HOURS) throw badRequest('value must be a whole number of at least 7 days');
  return hours;
}

function list({ simulator }: VendorContext, call: FastifyRequest) {
  const query = queryOf(call);
  checkQueryNames(query, ['targetAddress'], settingsOf(simulator));
  const page = readPage(query, ['createUtc'], settingsOf(simulator));
  const target = lastOf(query, 'targetAddress');
  if (target === undefined || !isAddress(target)) throw badRequest('targetAddress is not an e-mail address');
  const bounces = bouncesOf({ simulator }, scopeOf(call), target.toLowerCase());
  const newest = bounces.at(-1);
  const endsAt = (newest?.at ?? 0) + storeOf(simulator).sendBlockTimes.of(scopeOf(call)).hours * HOUR_MS;
  const blocked = endsAt > simulator.now();
  const rows = page.sort[0]?.ascending === false ? [...bounces].reverse() : bounces;
  return {
    ...pageOf(rows, page, ({ at, reason, historySid }) => ({
      targetAddress: target,
      actionType: { label: 'Create', code: 'C' },
      actionRequesterType: { label: 'System', code: 'SYSTEM' },
      requestDate: nesDateTime(at),
      sendResultCode: REASONS[reason].ncpCode,
      sendResultMessage: `${REASONS[reason].smtpReply}\n`,
      historySid,
    })),
    registerStatus: blocked ? 'Blocked' : 'Not blocked',
    expectedDeleteDate: nesDateTimeOrNull(blocked ? endsAt : null),
  };
}

interface Bounce {
  readonly at: number;
  readonly reason: ReasonWord;
  readonly historySid: number;
}

/** Every hard bounce of an address, oldest first; an outcome without an SMTP reply blocks no address. */
function bouncesOf({ simulator }: Pick<VendorContext, 'simulator'>, scope: string, target: string): Bounce[] {
  const now = simulator.now();
  const bounces: Bounce[] = [];
  for (const { recipients, course, firstMail } of simulator.requests.visible('ncp', scope, now)) {
    for (let position = 0; position < recipients.count; position += 1) {
      if (recipients.addresses[position]?.toLowerCase() !== target) continue;
      const plan = simulator.plans.get(recipients.plans[position] ?? 0);
      const { state, outcomeAt } = progressAt(plan, course, now);
      const at = state === 'bounced' ? outcomeAt : null;
      if (at !== null) bounces.push({ at, reason: plan.reason, historySid: firstMail + position });
    }
  }
  return bounces.sort((a, b) => a.at - b.at);
}
