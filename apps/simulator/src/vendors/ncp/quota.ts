import type { Simulator } from '../../state/simulator.js';
import { badRequest, gatewayError, type NcpError } from './errors.js';
import { settingsOf } from './state.js';

/** NCP's answer over quota is unknown: 400/77102 or the gateway's 429/400 (ncp.md §14). */
export const quotaError = (style: 'service' | 'gateway'): NcpError =>
  style === 'gateway' ? gatewayError(429, '400', 'Quota Exceeded') : badRequest('the monthly quota is used up');

/** Throws when the recipients of this calendar month would go over the quota, if one is set. */
export function checkQuota(simulator: Simulator, adding: number, now: number): void {
  const { monthlyQuota, quotaStyle } = settingsOf(simulator);
  if (monthlyQuota === null) return;
  const month = new Date(now).toISOString().slice(0, 7);
  const used = simulator.requests
    .all()
    .filter((r) => r.provider === 'ncp' && new Date(r.course.acceptedAt).toISOString().startsWith(month))
    .reduce((sum, r) => sum + r.recipients.count, 0);
  if (used + adding > monthlyQuota) throw quotaError(quotaStyle);
}
