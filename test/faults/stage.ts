import { wrongMail, type Sent } from './invariants.js';
import type { Case } from './plan.js';
import type { Report } from './report.js';
import { runCase, type Outcome } from './run-case.js';
import { World } from './world.js';

interface StageOptions {
  readonly report: Report;
  readonly print: (line: string) => void;
}

/** One gateway for cases that follow each other on one queue; its breaker opens after few failures, or never. */
export class Stage {
  private readonly options: StageOptions;
  private world: World | undefined;
  private sent: Sent[] = [];

  constructor(options: StageOptions) {
    this.options = options;
  }

  /** @returns the number of violations. */
  async play(planned: Case): Promise<number> {
    const outcome = await this.outcomeOf(planned);
    this.options.report.note(planned, outcome);
    this.sent.push(...outcome.sent);
    for (const { what } of outcome.violations) this.options.print(`  ${what}`);
    return outcome.violations.length;
  }

  /** A gateway that does not restart is the worst violation; the next cases get another one. */
  private async outcomeOf(planned: Case): Promise<Outcome> {
    const world = await this.worldFor(planned);
    try {
      return await runCase(world, planned);
    } catch (error) {
      const lost = world.lost.map((part) => `, the ${part} has ended`).join('');
      this.sent = [];
      await this.close();
      return { sent: [], violations: [{ about: undefined, what: `could not be ended: ${String(error)}${lost}` }] };
    }
  }

  private async worldFor({ queue, breaker }: Case): Promise<World> {
    if (this.world?.queue === queue && this.world.breakerFailures === breaker) return this.world;
    await this.close();
    this.options.print(`a gateway with its queue on ${queue}, BREAKER_FAILURES=${breaker}`);
    this.world = await World.open(queue, breaker);
    return this.world;
  }

  /** Ends the gateway, and finds mail that was sent twice after its case had ended. */
  async close(): Promise<void> {
    const { world, sent } = this;
    [this.world, this.sent] = [undefined, []];
    if (world === undefined) return;
    const late = (await Promise.all(sent.map((message) => wrongMail(world, message)))).flat();
    await world.close();
    for (const what of late) this.options.report.noteLate(what);
  }
}
