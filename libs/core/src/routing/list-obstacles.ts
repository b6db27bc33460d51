import type { ListAudience } from '../audience.js';
import type { Variables } from '../message.js';
import type { Obstacle } from './obstacle.js';
import type { ProviderAudience } from '../provider-parts/audience.js';
import type { EmailProvider } from '../provider.js';
import { compileContent } from '../substitution/compile.js';
import type { ParsedContent } from '../substitution/parts.js';

interface ListMessage {
  readonly list?: ListAudience;
  readonly content: ParsedContent;
  readonly variables: Variables;
  readonly providerTemplate?: boolean;
  readonly bodyField?: 'html' | 'text';
}

type ListProvider = Pick<EmailProvider, 'name' | 'dialect'> & {
  readonly audience?: Pick<ProviderAudience, 'limits' | 'takesParameters'>;
};

/** Why an account cannot send to lists at a provider; nothing for a message to recipients. */
export function listObstacles(message: ListMessage, provider: ListProvider): Obstacle[] {
  const { list } = message;
  if (list === undefined) return [];
  const add = (pointer: string, detail: string): Obstacle[] => [{ pointer, code: 'not_allowed', detail }];
  if (list.provider !== provider.name) return add('/audience/provider', `the audience is a list of ${list.provider}`);
  if (provider.audience === undefined) return add('/audience/provider', 'it keeps no lists');
  if (provider.audience.takesParameters) return [];
  return [...valueObstacles(message, add), ...lookAlikeObstacles(message, provider, add)];
}

type Add = (pointer: string, detail: string) => Obstacle[];

const valueObstacles = ({ providerTemplate, variables }: ListMessage, add: Add): Obstacle[] =>
  providerTemplate === true && Object.keys(variables).length > 0
    ? add('/variables', 'its mails to lists give no values to a template')
    : [];

/** Such text would have to travel as the value of a parameter. */
function lookAlikeObstacles(message: ListMessage, { dialect }: ListProvider, add: Add): Obstacle[] {
  const { content, variables: defaults, bodyField = 'html' } = message;
  const { constants } = compileContent(content, dialect, { defaults, overridden: new Set() });
  if (Object.keys(constants).length === 0) return [];
  return add(`/${bodyField}`, 'text that looks like its own syntax cannot be kept as it is in mails to lists');
}
