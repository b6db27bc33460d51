import type { Simulator } from '../../../state/simulator.js';
import { settingsOf } from '../state.js';
import { callOf, dueHooks, type Hook } from './due-hooks.js';

const LOOK_MS = 50;
const PATIENCE_MS = 5000;
const MOST_KEPT = 1000;

/** A call that was made, for GET /control/nhn/hooks. `status` is null when no answer came. */
interface Call {
  readonly kind: 'true' | 'repeated' | 'forged';
  readonly hooks: number;
  readonly status: number | null;
}

/** Calls `nhn.hooks.url` about what became of mails: on time or late, again, forged, out of order, as the settings say. */
export class HookSender {
  readonly calls: Call[] = [];
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private serial = 0;

  constructor(private readonly simulator: Simulator) {}

  start(): void {
    this.timer = setTimeout(() => void this.look(), LOOK_MS).unref();
  }

  stop(): void {
    this.stopping.abort();
    clearTimeout(this.timer);
  }

  clear(): void {
    this.calls.length = 0;
  }

  private async look(): Promise<void> {
    const { url } = settingsOf(this.simulator).hooks;
    if (url !== null) await this.send(url, dueHooks(this.simulator));
    if (!this.stopping.signal.aborted) this.start();
  }

  private async send(url: string, due: Hook[]): Promise<void> {
    const { order, times, forged, hooksPerCall } = settingsOf(this.simulator).hooks;
    if (order === 'reversed') due.reverse();
    for (let at = 0; at < due.length; at += hooksPerCall) {
      const some = due.slice(at, at + hooksPerCall);
      const [{ appKey = '' } = {}] = some;
      const hooks = some.map(({ hook }) => hook);
      for (let n = 0; n < forged; n += 1)
        await this.call(url, appKey, hooks.map(n % 2 === 0 ? lie : unknown), 'forged');
      for (let n = 0; n < times; n += 1) await this.call(url, appKey, hooks, n === 0 ? 'true' : 'repeated');
    }
  }

  private async call(url: string, appKey: string, hooks: readonly object[], kind: Call['kind']): Promise<void> {
    const { headers, body } = callOf(this.simulator, appKey, hooks, (this.serial += 1));
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const status = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => null,
    );
    this.calls.push({ kind, hooks: hooks.length, status });
    if (this.calls.length > MOST_KEPT) this.calls.shift();
  }
}

/** The opposite of what became of a mail. */
const lie = (hook: object): object =>
  'mailStatusCode' in hook && hook.mailStatusCode === 'SST2'
    ? { ...hook, mailStatusCode: 'SST3', dsnCode: '5.1.1', dsnMessage: '550 5.1.1 No such user' }
    : { ...hook, mailStatusCode: 'SST2' };

/** About a request that there is not. */
const unknown = (hook: object): object => ({
  ...hook,
  requestId: '20200101000000aaaaaaa0',
  senderGroupingKey: 'bat_00000000000000000000000000',
});
