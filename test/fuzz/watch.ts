import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { aMessage, unique } from '../../libs/testing/src/gateway/a-message.js';
import type { MessageView } from '../../libs/testing/src/gateway/answers.js';
import type { World } from './world.js';

const EVERY_MS = 1000;
const HEALTH_EVERY_MS = 200;
/** Generous: the machine is shared, and the generator takes its part of it. */
const LONGEST_HEALTH_MS = 5000;
const LONGEST_CODE_MS = 20_000;

/** Watches, while the gateway is under attack, what its other callers notice. */
export class Watch {
  readonly healthMs: number[] = [];
  readonly acceptMs: number[] = [];
  readonly deliveryMs: number[] = [];
  readonly faults: string[] = [];
  peakMemoryMb = 0;
  private readonly world: World;
  private readonly sender = `login-${unique('')}@fuzz.example.com`;
  private running = true;
  private readonly work: Promise<unknown>[];
  private readonly codes: Promise<void>[] = [];

  constructor(world: World) {
    this.world = world;
    this.work = [this.watchHealth(), this.sendCodes(), this.keepOpen()];
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.work);
    await Promise.all(this.codes);
  }

  private async watchHealth(): Promise<void> {
    while (this.running) {
      const started = performance.now();
      const status = await this.world.login.call('GET', '/health/live').then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
      const ms = performance.now() - started;
      this.healthMs.push(ms);
      if (status !== 200) this.faults.push(`/health/live answers ${status}`);
      if (ms > LONGEST_HEALTH_MS) this.faults.push(`/health/live took ${Math.round(ms)} ms`);
      this.noteMemory();
      await sleep(HEALTH_EVERY_MS);
    }
  }

  private noteMemory(): void {
    const { gateway } = this.world;
    if (process.platform !== 'linux' || !gateway.isRunning('api')) return;
    const status = readFileSync(`/proc/${gateway.pidOf('api')}/status`, 'utf8');
    this.peakMemoryMb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
  }

  private async sendCodes(): Promise<void> {
    for (let number = 0; this.running; number += 1) {
      const next = sleep(EVERY_MS);
      this.codes.push(
        this.sendCode(number).catch((error: unknown) => void this.faults.push(`login code: ${String(error)}`)),
      );
      await next;
    }
  }

  private async sendCode(number: number): Promise<void> {
    const to = `code.${number}@fuzz-login.example.com`;
    const started = performance.now();
    const message = aMessage().authentication().through('ncp').from(this.sender).to(to).build();
    const { status, body } = await this.world.login.post<MessageView>('/v1/messages', message);
    if (status !== 202)
      return void this.faults.push(`login code ${number} answered ${status}: ${JSON.stringify(body)}`);
    this.acceptMs.push(performance.now() - started);
    while (!(await this.hasArrived(to))) {
      if (performance.now() - started > LONGEST_CODE_MS) {
        return void this.faults.push(`login code ${number} is not delivered after ${LONGEST_CODE_MS / 1000} s`);
      }
      await sleep(50);
    }
    this.deliveryMs.push(performance.now() - started);
  }

  private async hasArrived(address: string): Promise<boolean> {
    const url = `${this.world.gateway.address.simulatorUrl}/control/mails?address=${encodeURIComponent(address)}`;
    const { data } = (await (await fetch(url)).json()) as { readonly data: readonly unknown[] };
    return data.length > 0;
  }

  /** Requests may pause the account that login codes do not use; what waits for it would fill the gateway. */
  private async keepOpen(): Promise<void> {
    while (this.running) {
      await this.world.admin.post('/v1/providers/nhn/resume').catch(() => undefined);
      await sleep(2 * EVERY_MS);
    }
  }
}
