import { runDoctor } from '../../apps/doctor/src/run-doctor.js';
import type { Run } from './program.js';

/** Runs the doctor in this process, because most of a visit is the start of a process. */
export async function consultDoctor(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
  let said = '';
  const print = (line: string): void => void (said += `${line}\n`);
  return { code: await runDoctor({ args, env, print, complain: print }), said };
}
