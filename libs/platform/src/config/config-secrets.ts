import type { GatewayConfig } from './gateway-config.js';

/** The credentials in the gateway's own configuration, for loggers to mask: as they are written and as they are meant. */
export function configSecrets({
  apiKey,
  databaseUrl,
  migrationUrl,
  redis,
  webhooks,
  contents,
  erasures,
}: GatewayConfig): readonly string[] {
  const urls = [databaseUrl, migrationUrl, ...(redis?.nodes ?? [])].filter((url) => url !== undefined);
  return [
    ...(apiKey === undefined ? [] : [apiKey]),
    ...webhooks.masterKeyTexts,
    ...contents.keyTexts,
    ...erasures.keyTexts,
    ...urls.flatMap(passwordsOf),
  ];
}

function passwordsOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
