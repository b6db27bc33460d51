import { parseArgs } from 'node:util';
import { CheckAccountService, ProviderDirectory, type AccountCheck } from '@gateway/delivery';
import { collectFaults, loadConfig, redactSecrets, systemClock, textRedactor, type Env } from '@gateway/platform';
import { connectAccounts, readAccounts, type ProviderAccount } from '@gateway/providers';
import { linesOf } from './report.js';

const USAGE = `npm run accounts:check                 asks each configured account whether its settings work
npm run accounts:check -- ncp nhn      only these accounts
npm run accounts:check -- --json       one line of JSON for each account

Nothing is sent, changed or used up. The variables are those of the gateway.
Exit code 0: all work, 1: at least one has a fault, 2: it could not look.
`;

const COULD_NOT_LOOK = 2;

export interface AccountsCheckCall {
  readonly args: readonly string[];
  readonly env: Env;
  /** One line of the report. */
  readonly print: (line: string) => void;
  /** Why it could not look, without secrets. */
  readonly complain: (line: string) => void;
}

/** @returns the exit code; never throws. */
export async function runAccountsCheck(call: AccountsCheckCall): Promise<number> {
  try {
    return await look(call);
  } catch (error) {
    const words = error instanceof Error ? error.message || error.name : String(error);
    call.complain(`The accounts could not be checked: ${redactSecrets(words)}`);
    return COULD_NOT_LOOK;
  }
}

async function look({ args, env, print }: AccountsCheckCall): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const [config, configured] = collectFaults(
    () => loadConfig(env),
    () => readAccounts(env),
  );
  const accounts = chosen(configured, positionals);
  const redact = textRedactor(accounts.flatMap(({ secrets }) => secrets));
  const { providers, close } = connectAccounts(accounts, config);
  try {
    const service = new CheckAccountService(new ProviderDirectory(providers), systemClock);
    const checks = await Promise.all(providers.map(({ name }) => service.execute(name)));
    for (const check of checks) {
      const lines = values.json ? [JSON.stringify(check)] : linesOf(check);
      for (const line of lines) print(redact(line));
    }
    return checks.some(isFaulty) ? 1 : 0;
  } finally {
    // Not waited for: of a vendor that does not answer it would take long.
    void close();
  }
}

const isFaulty = ({ outcome }: AccountCheck): boolean => outcome === 'fault';

function chosen(configured: readonly ProviderAccount[], names: readonly string[]): readonly ProviderAccount[] {
  const known = configured.map(({ name }) => name);
  if (known.length === 0) throw new Error('no account is configured; see docs/configuration.md');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`unknown account "${unknown.join('", "')}"; configured accounts: ${known.join(', ')}`);
  }
  return names.length === 0 ? configured : configured.filter(({ name }) => names.includes(name));
}
