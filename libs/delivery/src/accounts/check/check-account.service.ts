import { Inject, Injectable } from '@nestjs/common';
import {
  GatewayProblem,
  type AdministeredProvider,
  type CheckFinding,
  type CheckOutcome,
  type CheckStep,
} from '@gateway/core';
import { CLOCK, type Clock } from '@gateway/platform';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { declaredFindings, stepsOf } from './check-steps.js';
import { explain } from './explain.js';

/** What was learnt about an account, and the worst of it. */
export interface AccountCheck {
  readonly account: string;
  readonly kind: string;
  readonly version: string;
  readonly outcome: CheckOutcome;
  readonly checkedAt: Date;
  readonly findings: readonly CheckFinding[];
}

/** Milliseconds for each question. A vendor that works answers in one second. */
const PATIENCE_MS = 10_000;

/** Learns by harmless questions whether accounts work. Whatever an account does ends in a finding. */
@Injectable()
export class CheckAccountService {
  /** A check of an account that others ask for meanwhile is theirs, too. */
  private readonly running = new Map<string, Promise<AccountCheck>>();

  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws GatewayProblem `not_found` */
  async execute(name: string): Promise<AccountCheck> {
    const provider = this.providers.find(name);
    if (provider === undefined) throw new GatewayProblem('not_found', 'There is no account with this name.');
    const running = this.running.get(name) ?? this.check(provider).finally(() => this.running.delete(name));
    this.running.set(name, running);
    return running;
  }

  private async check(provider: AdministeredProvider): Promise<AccountCheck> {
    const { name: account, kind, version } = provider;
    const checkedAt = this.clock.now();
    const findings = [...(await this.ask(provider, checkedAt)), ...declaredFindings(provider)];
    return { account, kind, version, outcome: worstOf(findings), checkedAt, findings };
  }

  private async ask(provider: AdministeredProvider, now: Date): Promise<readonly CheckFinding[]> {
    const steps = stepsOf(provider, now);
    const { check } = provider;
    if (check === undefined) {
      const detail = 'this adapter has no check of its own';
      return [{ subject: 'credentials', outcome: 'warning', detail }, ...(await asked(steps))];
    }
    const first = await answerOf(check.credentials);
    // With wrong keys, all other answers would say the same.
    return first.some(({ outcome }) => outcome === 'fault') ? first : [...first, ...(await asked(steps))];
  }
}

const asked = async (steps: readonly CheckStep[]): Promise<readonly CheckFinding[]> =>
  (await Promise.all(steps.map(answerOf))).flat();

async function answerOf(step: CheckStep): Promise<readonly CheckFinding[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  // An adapter that does not heed its signal must not keep the check waiting.
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  try {
    const findings = await Promise.race([step.ask(signal), late]);
    return findings.map(tidy);
  } catch (error) {
    return [tidy(explain(step.subject, error))];
  }
}

/** A vendor's words are shown on a terminal: nothing in them may move its cursor. */
const tidy = (finding: CheckFinding): CheckFinding => ({ ...finding, detail: plain(finding.detail) });

const LONGEST_DETAIL = 500;

const plain = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL)}…` : line;
};

const worstOf = (findings: readonly CheckFinding[]): CheckOutcome =>
  (['fault', 'warning'] as const).find((outcome) => findings.some((finding) => finding.outcome === outcome)) ?? 'ok';
