import type { GatewayConfig } from '../config/gateway-config.js';
import type { TargetPolicy } from './target-policy.js';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** The rules for targets that follow from the configuration of this process. @param databaseUrl if not in `config` */
export function targetPolicyOf(
  config: Pick<GatewayConfig, 'databaseUrl' | 'migrationUrl' | 'redis' | 'sandbox' | 'webhooks'>,
  databaseUrl = config.databaseUrl,
): TargetPolicy {
  const urls = [databaseUrl, config.migrationUrl, ...(config.redis?.nodes ?? [])];
  return {
    ...config.webhooks.targets,
    loopback: config.sandbox === true,
    own: urls.flatMap((url) => (url === undefined ? [] : serviceOf(url))),
  };
}

function serviceOf(text: string): { readonly host: string; readonly port: number }[] {
  if (!URL.canParse(text)) return [];
  const { protocol, hostname, port } = new URL(text);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return host === '' ? [] : [{ host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port) }];
}
