/** Which contacts a message goes to: the members of a group, or of groups combined. */
export type AudienceExpression =
  | string
  | { readonly all: readonly AudienceExpression[] }
  | { readonly any: readonly AudienceExpression[] }
  | { readonly not: AudienceExpression };

/** An expression with the groups that its names meant when it was given: a group may be renamed before it is used. */
export interface ResolvedAudience {
  readonly expression: AudienceExpression;
  readonly groups: Readonly<Record<string, string>>;
}

/** Lists of a provider's own, as a message names them. */
export interface ListExpression {
  readonly provider: string;
  readonly groups: readonly string[];
  readonly match: 'all' | 'any';
}

export const isListExpression = (audience: AudienceExpression | ListExpression): audience is ListExpression =>
  typeof audience === 'object' && 'provider' in audience;

/** The same with what the names meant when it was given: copies of groups, which may be renamed, and foreign lists. */
export interface ListAudience {
  readonly provider: string;
  readonly match: 'all' | 'any';
  readonly groups: readonly {
    readonly name: string;
    /** A group of the client, as UUID. */
    readonly groupId?: string;
    /** A list that the gateway has not made, by its id there. */
    readonly listId?: string;
  }[];
}

export const MAX_LIST_GROUPS = 5;

export const MAX_AUDIENCE_DEPTH = 8;
export const MAX_AUDIENCE_GROUPS = 100;

const GROUP_NAME = /^[\p{Script=Hangul}A-Za-z0-9._-]{1,100}$/u;

/** 1 to 100 of Hangul, Latin letters, digits, `.`, `_` and `-`: what every provider's lists take, too. */
export const isGroupName = (name: string): boolean => GROUP_NAME.test(name);

/** The groups of an expression, each with its place in it. */
export function groupsIn(
  expression: AudienceExpression,
  pointer = '',
): { readonly name: string; readonly pointer: string }[] {
  if (typeof expression === 'string') return [{ name: expression, pointer }];
  if ('not' in expression) return groupsIn(expression.not, `${pointer}/not`);
  const [word, parts] = 'all' in expression ? ['all', expression.all] : ['any', expression.any];
  return parts.flatMap((part, i) => groupsIn(part, `${pointer}/${word}/${i}`));
}
