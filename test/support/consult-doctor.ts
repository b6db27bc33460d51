import { runDoctor } from '../../apps/doctor/src/run-doctor.js';
import type { Visit } from './doctor.js';

/** Runs the doctor in this process, because most of a visit is the start of a process. */
export async function consultDoctor(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Visit> {
  let said = '';
  const print = (line: string): void => void (said += `${line}\n`);
  return { code: await runDoctor({ args, env, print, complain: print }), said };
}
