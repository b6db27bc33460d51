import type { FirstApiKey } from './api-key.js';

export interface BannerFacts {
  /** As `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly apiKey: FirstApiKey;
  readonly sandbox: boolean;
  readonly dataDir: string;
}

/** The text that is shown when the gateway has started. A key from the environment is not printed. */
export const banner = ({ url, apiKey, sandbox, dataDir }: BannerFacts): string => {
  const shown = apiKey.given ? '$GATEWAY_API_KEY' : apiKey.key;
  const origin = apiKey.given ? 'the one in GATEWAY_API_KEY' : `${apiKey.key}   (kept in ${dataDir}/api-key)`;
  return [
    '',
    `Email gateway   ${url}`,
    `Documentation   ${url}/docs`,
    `Console         ${url}/dashboard`,
    `API key         ${origin}`,
    ...(sandbox ? ['SANDBOX         no mail leaves this machine: a simulator stands in for the providers'] : []),
    '',
    'Send a first message:',
    `  curl -sS ${url}/v1/messages -H "Authorization: Bearer ${shown}" -H 'Content-Type: application/json' -d '${message}'`,
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
};

const message = JSON.stringify({ from: 'no-reply@example.com', to: 'kim@example.com', subject: 'Hi', text: 'Hello!' });

/** The address to show and to ask for one to listen on. */
export const urlOf = (host: string, port: number): string => {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': 'localhost' };
  const name = everywhere[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
};
