// Loaded into a process before its program: from then on a file sets its clock, as an operator or NTP sets the clock of
// a machine. Only `new Date()` and Date.now() change; timers and performance.now() run on, as they do on a machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.env.CLOCK_FOLDER, String(process.pid));
const SystemDate = globalThis.Date;
const systemNow = SystemDate.now;
let offsetMs = 0;

SystemDate.now = () => systemNow() + offsetMs;
globalThis.Date = new Proxy(SystemDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [SystemDate.now()] : args, newTarget),
  apply: () => new SystemDate(SystemDate.now()).toString(),
});
SystemDate.prototype.constructor = globalThis.Date;

/** Says what the program's clock shows beside the real time, not what it was asked to show. */
const tell = () => writeFileSync(`${file}.shows`, String(new globalThis.Date().getTime() - systemNow()));

process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(file, 'utf8'));
  tell();
});
tell();
