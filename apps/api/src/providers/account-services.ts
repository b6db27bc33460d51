import type { AdministeredProvider } from '@gateway/core';

/**
 * The vendor's API through which each service of an account goes, by its version; `null`: the account does not have it.
 * A vendor may have ended a service in a newer API and still offer it in an older one.
 */
export function accountServices(provider: AdministeredProvider) {
  const { version, capabilities, partVersions = {} } = provider;
  const through = (part: keyof typeof partVersions, has: boolean): string | null =>
    has ? (partVersions[part] ?? version) : null;
  return {
    mail: version,
    attachments: through('attachments', capabilities.limits.attachmentCount > 0),
    templates: through('templates', provider.templates !== undefined),
    lists: through('audience', provider.audience !== undefined),
    optOuts: through('suppressions', provider.suppressions !== undefined),
    statistics: through('statistics', provider.statistics !== undefined),
    bounceBlock: through('bounceBlock', provider.bounceBlock !== undefined),
  };
}
