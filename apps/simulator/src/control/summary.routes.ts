import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { progressAt } from '../outcomes/progress.js';
import type { AcceptedRequest, Provider } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import type { Vendor } from '../vendors/vendor.js';
import { passes, type ControlQueries } from './control-query.js';
import { findDuplicates } from './duplicates.js';

/** GET /control/summary: counts, and the proof that no recipient was mailed twice. */
export function summaryRoutes(
  app: FastifyInstance,
  simulator: Simulator,
  { filter }: ControlQueries,
  vendors: readonly Vendor[],
): void {
  const summarySchema = filter.extend({ addresses: z.enum(['true', 'false']).default('false') });
  app.get('/summary', (call) => {
    const query = summarySchema.parse(call.query);
    const requests = simulator.requests.all().filter((request) => passes(query, request));
    return {
      ...Object.fromEntries(vendors.map(({ kind }) => [kind, countsOf(simulator, requests, kind)])),
      requests: requests.length,
      recipients: requests.reduce((sum, request) => sum + request.recipients.count, 0),
      duplicates: findDuplicates(requests),
      // The same address in any two requests, whatever their markers: for senders that one test has to itself.
      ...(query.addresses === 'true' ? { repeatedAddresses: findDuplicates(requests, () => '*') } : {}),
    };
  });
}

function countsOf(simulator: Simulator, all: readonly AcceptedRequest[], provider: Provider) {
  const requests = all.filter((request) => request.provider === provider);
  const now = simulator.now();
  const states: Record<string, number> = {};
  const outcomes: Record<string, number> = {};
  for (const request of requests) {
    for (const [planId, count] of request.recipients.histogram) {
      const plan = simulator.plans.get(planId);
      const { state } = progressAt(plan, request.course, now);
      states[state] = (states[state] ?? 0) + count;
      outcomes[plan.kind] = (outcomes[plan.kind] ?? 0) + count;
    }
  }
  return {
    requests: requests.length,
    recipients: requests.reduce((sum, request) => sum + request.recipients.count, 0),
    maxRecipientsPerRequest: requests.reduce((most, request) => Math.max(most, request.recipients.count), 0),
    operations: Object.fromEntries(
      [...Map.groupBy(requests, ({ operation }) => operation)].map(([name, members]) => [name, members.length]),
    ),
    states,
    outcomes,
  };
}
