import { parseArgs } from 'node:util';

export const USAGE = `Forwards the gateway's events to a local handler, signed like a webhook.

  npx @email-gateway/client listen --to http://localhost:4000/hook

  --to URL          the handler
  --url URL         the gateway; EMAIL_GATEWAY_URL, default http://127.0.0.1:3000
  --key KEY         an API key with the scope messages:read; EMAIL_GATEWAY_API_KEY
  --secret SECRET   whsec_… to sign with; EMAIL_GATEWAY_WEBHOOK_SECRET, default a new one, which is printed
  --types LIST      only these, separated by commas: recipient.*,message.completed
  --cursor CURSOR   begins there, not now
`;

export interface ListenOptions {
  readonly to: string;
  readonly url: string;
  readonly key: string;
  readonly secret?: string | undefined;
  readonly types: readonly string[];
  readonly cursor?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns nothing when help is asked for @throws Error with what is wrong */
export function readOptions(args: readonly string[], env: Environment): ListenOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ to: { type: 'string' }, url: { type: 'string' }, key: { type: 'string' }, secret: { type: 'string' } },
      ...{ types: { type: 'string' }, cursor: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    },
  });
  if (values.help === true || positionals.length === 0) return undefined;
  const [command, ...rest] = positionals;
  if (command !== 'listen' || rest.length > 0) throw new Error(`unknown command ${positionals.join(' ')}; use listen`);
  return {
    to: targetOf(values.to),
    url: values.url ?? env['EMAIL_GATEWAY_URL'] ?? 'http://127.0.0.1:3000',
    key: keyOf(values.key ?? env['EMAIL_GATEWAY_API_KEY']),
    secret: values.secret ?? env['EMAIL_GATEWAY_WEBHOOK_SECRET'],
    types: (values.types ?? '').split(',').filter((type) => type !== ''),
    cursor: values.cursor,
  };
}

function targetOf(to: string | undefined): string {
  if (to === undefined) throw new Error('--to is missing: the URL of your handler');
  if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol)) {
    throw new Error(`--to must be a URL such as http://localhost:4000/hook (is ${to})`);
  }
  return to;
}

function keyOf(key: string | undefined): string {
  if (key === undefined) throw new Error('--key or EMAIL_GATEWAY_API_KEY is missing: an API key with messages:read');
  return key.trim();
}
