/** `degraded`: it does without a part that is away. `busy`: it works, but takes no more at the moment. */
export type HealthStatus = 'up' | 'degraded' | 'busy' | 'down';

export interface CheckResult {
  readonly status: HealthStatus;
  readonly durationMs: number;
  /** Why it is not up, in a few words; no addresses of machines, no secrets. */
  readonly reason?: string;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** The answer of a part that works but takes no more. */
export interface Busy {
  readonly busy: string;
}

/** The answer of a part that is away and that the process can do without. */
export interface Degraded {
  readonly degraded: string;
}

/** Resolves when the part works. The caller's `onDown` logs a rejection; the report does not show it. */
export type HealthCheck = (signal: AbortSignal) => Promise<void | Busy | Degraded>;

export interface HealthOptions {
  /** For one check; 2 seconds unless given. */
  readonly timeoutMs?: number;
  /** Told of every failed check with its error. */
  readonly onDown?: (name: string, error: unknown) => void;
}

const DEFAULT_TIMEOUT_MS = 2000;

/** Named checks, run together; the report is as bad as the worst of them. */
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  constructor(private readonly options: HealthOptions = {}) {}

  add(name: string, check: HealthCheck): this {
    if (this.checks.has(name)) throw new Error(`There is a health check "${name}" already.`);
    this.checks.set(name, check);
    return this;
  }

  /** Never rejects, and never takes longer than the timeout. */
  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.run(name, check)] as const),
    );
    const status = worst(entries.map(([, result]) => result.status));
    return { status, checks: Object.fromEntries(entries) };
  }

  private async run(name: string, check: HealthCheck): Promise<CheckResult> {
    const started = performance.now();
    const durationMs = (): number => Math.round(performance.now() - started);
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const found = await Promise.race([check(timeout), rejectOn(timeout)]);
      return { ...stateOf(found), durationMs: durationMs() };
    } catch (error) {
      this.options.onDown?.(name, error);
      return { status: 'down', durationMs: durationMs(), reason: timeout.aborted ? 'timeout' : 'failed' };
    }
  }
}

function stateOf(found: void | Busy | Degraded): Pick<CheckResult, 'status' | 'reason'> {
  if (!found) return { status: 'up' };
  return 'busy' in found ? { status: 'busy', reason: found.busy } : { status: 'degraded', reason: found.degraded };
}

const worst = (all: readonly HealthStatus[]): HealthStatus =>
  (['down', 'busy', 'degraded'] as const).find((status) => all.includes(status)) ?? 'up';

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timeout')), { once: true });
  });

/** The answer of `/health/live`: the process runs and its event loop turns. */
export const liveReport = (): HealthReport => ({ status: 'up', checks: {} });
