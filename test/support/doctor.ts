import { runProgram, type Run } from './program.js';

/** Runs the doctor in a process of its own. */
export const visitDoctor = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> =>
  runProgram('doctor', env, ...args);
