import { processEnv } from '@gateway/platform';
import { runDoctor } from './run-doctor.js';

const code = await runDoctor({
  args: process.argv.slice(2),
  env: processEnv(),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
// The queue's connections may still be trying to connect.
process.exit(code);
