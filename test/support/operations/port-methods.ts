import type { EmailProvider } from '@gateway/core';
import { textOf } from '../repository.js';

/** The property of a provider that holds each part of the port. */
const PARTS: Readonly<Record<string, string>> = {
  ProviderAttachments: 'attachments',
  ProviderAudience: 'audience',
  ProviderBounceBlock: 'bounceBlock',
  ProviderStatistics: 'statistics',
  ProviderSuppressions: 'suppressions',
  ProviderTemplates: 'templates',
  ProviderUpdates: 'updates',
  TemplateArchives: 'templates.archives',
};

const FILES: Readonly<Record<string, string>> = { 'templates.archives': 'templates', bounceBlock: 'bounce-block' };

/** The methods of the port that talk to a provider, by name: `send`, `templates.createCategory`. */
const portMethods: readonly string[] = [
  ...methodsOf('EmailProvider', textOf('libs/core/src/provider.ts')),
  ...Object.entries(PARTS).flatMap(([name, part]) => {
    const file = FILES[part] ?? part;
    const source = textOf(`libs/core/src/provider-parts/${file}.ts`);
    return methodsOf(name, source).map((method) => `${part}.${method}`);
  }),
];

function methodsOf(name: string, source: string): readonly string[] {
  const [, body = ''] = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(source) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\??\(([\s\S]*?)\): /gm)]
    .filter(([, , parameters]) => parameters?.includes('AbortSignal'))
    .map(([, method = '']) => method);
}

/** Those that an adapter has. */
export const methodsIn = (provider: EmailProvider): readonly string[] =>
  portMethods.filter((name) => {
    let at: unknown = provider;
    for (const step of name.split('.')) at = (at as Readonly<Record<string, unknown>> | undefined)?.[step];
    return typeof at === 'function';
  });
