import { processEnv } from '@gateway/platform';
import { runAccountsCheck } from './run-accounts-check.js';

const code = await runAccountsCheck({
  args: process.argv.slice(2),
  env: processEnv(),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
// A vendor that never answers may still have a connection.
process.exit(code);
