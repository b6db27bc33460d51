import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { RetainMessagesService } from './retain-messages.service.js';
import { didAnything } from './retention-report.js';

/** A backlog is worked off in parts of an hour each, so that the sweep still reports that it is alive. */
const LONGEST_SWEEP_MS = 600_000;

/** Retention as every worker does it by the clock; where another one is at it, there is nothing to do. */
@Injectable()
export class SweepRetentionService {
  constructor(
    private readonly retain: RetainMessagesService,
    @Inject(LOGGER) private readonly log: Logger,
    /** Aborted at shutdown. */
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  async execute(): Promise<void> {
    const signal = AbortSignal.any([this.stopping, AbortSignal.timeout(LONGEST_SWEEP_MS)]);
    const { report, ended } = await this.retain.execute({ signal, wait: false });
    if (report.monthsInUse.length > 0) this.log.warn({ months: report.monthsInUse }, 'months could not be dropped');
    if (didAnything(report)) this.log.info({ ...report, ended }, 'erased what has been kept long enough');
  }
}
