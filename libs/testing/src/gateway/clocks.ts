import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually.js';

/** The clocks of a gateway's processes, set while they run. A process that is started shows the right time. */
export class Clocks {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gateway-clocks-'));
  private readonly set = new Set<number>();

  /** For the processes whose clocks are to be set. */
  get env(): Readonly<Record<string, string>> {
    const program = pathToFileURL(resolve('test/support/settable-clock.mjs')).href;
    return { NODE_OPTIONS: `--import=${program}`, CLOCK_FOLDER: this.folder };
  }

  /** Sets a process's clock; resolves when it shows the wrong time. */
  async shift(pid: number, offsetMs: number): Promise<void> {
    const file = join(this.folder, String(pid));
    // Before it is there, the signal would end the process.
    const shown = (): number => Number(readFileSync(`${file}.shows`, 'utf8'));
    await eventually(async () => shown());
    writeFileSync(file, String(offsetMs));
    process.kill(pid, 'SIGUSR2');
    this.set.add(pid);
    await eventually(async () => {
      if (Math.abs(shown() - offsetMs) > 10) throw new Error(`the clock of ${pid} is ${shown()} ms off`);
    });
  }

  /** All of them show the right time again. */
  async right(): Promise<void> {
    await Promise.all([...this.set].map((pid) => this.shift(pid, 0)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
