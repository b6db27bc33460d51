import type { Logger } from '@gateway/platform';
import type { RetainMessagesService } from './retain-messages.service.js';
import { didAnything } from './retention-report.js';

/** A backlog is worked off in parts, an hour's each, so that the sweep still tells that it is alive. */
const LONGEST_SWEEP_MS = 600_000;

/** Retention as every worker does it by the clock; where another one is at it, there is nothing to do. */
export class SweepRetentionService {
  constructor(
    private readonly deps: {
      readonly retain: RetainMessagesService;
      readonly log: Logger;
      /** Aborted at shutdown. */
      readonly stopping: AbortSignal;
    },
  ) {}

  async execute(): Promise<void> {
    const signal = AbortSignal.any([this.deps.stopping, AbortSignal.timeout(LONGEST_SWEEP_MS)]);
    const { report, ended } = await this.deps.retain.execute({ signal, wait: false });
    if (report.monthsInUse.length > 0)
      this.deps.log.warn({ months: report.monthsInUse }, 'months could not be dropped');
    if (didAnything(report)) this.deps.log.info({ ...report, ended }, 'erased what has been kept long enough');
  }
}
