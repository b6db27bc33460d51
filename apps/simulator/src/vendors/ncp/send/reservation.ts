import { epochOf } from '../../../http/vendor-time.js';
import { stringOf, type JsonObject } from '../../../http/fields.js';
import { badRequest } from '../errors.js';
import { LIMITS } from './fields.js';
import { NCP_OFFSET_MINUTES } from '../types.js';

/** Clocks differ a little; a reservation this far in the past still counts as now. */
const TOLERANCE_MS = 60_000;

/** The reserved time as epoch ms, null without one. `reservationUtc` wins (ncp.md §3.1). */
export function readReservation(body: JsonObject, now: number): number | null {
  const at = body['reservationUtc'] ?? parse(stringOf(body, 'reservationDateTime'));
  if (typeof at !== 'number') return null;
  if (at < now - TOLERANCE_MS) throw badRequest('the reservation is in the past');
  if (at > now + LIMITS.reservationAheadMs) throw badRequest('the reservation is more than 30 days ahead');
  return at;
}

function parse(text: string | null): number | null {
  if (text === null) return null;
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})$/.exec(text);
  const at = match ? epochOf(match.slice(1).map(Number), NCP_OFFSET_MINUTES) : undefined;
  if (at === undefined) throw badRequest('reservationDateTime is not yyyy-MM-dd HH:mm');
  return at;
}
