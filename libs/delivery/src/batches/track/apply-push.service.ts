import { Injectable } from '@nestjs/common';
import {
  GatewayProblem,
  UnreadablePushError,
  type EmailProvider,
  type FoundRequest,
  type ProviderEvents,
  type Push,
  type PushedReport,
  type PushReading,
  type RecipientReport,
} from '@gateway/core';
import { type BatchRow, ReconcileRepository, TrackingRepository } from '@gateway/database';
import { batchIdOf } from '../../shared/outbound-batch.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { DoubtEndings } from '../reconcile/doubt-endings.js';
import { PushHints } from './push-hints.js';
import { PollRecorder } from './record-polls.js';

/** After this many seconds a provider may push again what could not be taken at the moment. */
const AGAIN_SECONDS = 10;

/** Reports of one request. */
interface Pushed {
  readonly request: FoundRequest | undefined;
  readonly marker: string | undefined;
  readonly reports: readonly RecipientReport[];
}

/**
 * Takes the pushes of providers. An authentic one is applied by the rules of polls: states move forward only, unknown ones
 * become events, and each request is written in a transaction of its own, so that a repeated push changes nothing. It may
 * also settle the doubt about a request. One that only hints makes the gateway ask sooner.
 */
@Injectable()
export class ApplyPushService {
  constructor(
    private readonly tracking: TrackingRepository,
    private readonly reconcile: ReconcileRepository,
    private readonly doubts: DoubtEndings,
    private readonly polls: PollRecorder,
    private readonly hints: PushHints,
    private readonly providers: ProviderDirectory,
  ) {}

  /**
   * @throws GatewayProblem `not_found` when the account receives no pushes, `malformed_json` when it cannot read this
   * one, and `overloaded` when a request of it is being posted at this moment: the provider has to push again.
   */
  async execute(account: string, push: Push): Promise<void> {
    const provider = this.providers.find(account);
    if (provider?.events === undefined) throw new GatewayProblem('not_found', 'This account receives no pushes.');
    const reading = read(provider.events, push);
    if (reading.authentic) await this.apply(provider, byRequest(reading.reports));
    else this.hints.add(account, reading.hints);
  }

  private async apply(provider: EmailProvider, all: readonly Pushed[]): Promise<void> {
    const known = await this.batchesOf(provider, all);
    const unknown = all.filter(({ request }) => !known.has(request?.requestId ?? ''));
    let isEarly = false;
    for (const pushed of unknown) if (!(await this.settle(provider, pushed))) isEarly = true;
    const batches = unknown.length === 0 ? known : await this.batchesOf(provider, all);
    await Promise.all(
      all.flatMap(({ request, reports }) =>
        (batches.get(request?.requestId ?? '') ?? []).map((batch, part) =>
          this.write(provider, batch, part === 0 ? reports : reports.filter(isKnown)),
        ),
      ),
    );
    if (isEarly) throw early();
  }

  private async batchesOf(
    { name }: EmailProvider,
    all: readonly Pushed[],
  ): Promise<ReadonlyMap<string, readonly BatchRow[]>> {
    const rows = await this.tracking.findRequests(name, idsOf(all));
    return Map.groupBy(rows, ({ providerRequestId }) => providerRequestId ?? '');
  }

  /** Adopts the request if it is in doubt. @returns false while it is being posted. */
  private async settle({ name }: EmailProvider, { request, marker }: Pushed): Promise<boolean> {
    const batchId = marker === undefined ? undefined : batchIdOf(marker);
    if (request === undefined || batchId === undefined) return true;
    const batch = await this.reconcile.claimDoubt(name, batchId);
    if (batch === 'busy') return false;
    if (batch === undefined) return true;
    const attempts = await this.reconcile.findOpenAttempts(batch.id);
    if (attempts.some((attempt) => attempt.marker === marker)) await this.doubts.adopt(batch, attempts, request);
    return true;
  }

  private write(provider: EmailProvider, batch: BatchRow, last: readonly RecipientReport[]): Promise<void> {
    const begun = last.some(({ status }) => status !== undefined && status !== 'submitted');
    return this.polls.finish({
      provider,
      batch,
      last,
      tookMs: 0,
      result: { begun, moved: true, cursor: batch.pollCursor ?? undefined },
    });
  }
}

function read(events: ProviderEvents, push: Push): PushReading {
  try {
    return events.read(push);
  } catch (error) {
    if (!(error instanceof UnreadablePushError)) throw error;
    throw new GatewayProblem('malformed_json', `The push is refused: ${error.message}.`, { cause: error });
  }
}

const byRequest = (reports: readonly PushedReport[]): readonly Pushed[] =>
  [...Map.groupBy(reports, ({ request, marker }) => `${request?.requestId ?? ''} ${marker ?? ''}`).values()].map(
    (group) => ({
      request: group[0]?.request,
      marker: group[0]?.marker,
      reports: group.map(({ report }) => report),
    }),
  );

const idsOf = (all: readonly Pushed[]): readonly string[] => all.flatMap(({ request }) => request?.requestId ?? []);

/** An unknown status is noted once for the request, not once for each of its parts. */
const isKnown = ({ unknownStatus }: RecipientReport): boolean => unknownStatus === undefined;

const early = (): GatewayProblem =>
  new GatewayProblem('overloaded', 'A request of this push is being sent at this moment. Push it again shortly.', {
    retryAfterSeconds: AGAIN_SECONDS,
  });
