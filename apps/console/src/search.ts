/** The parameters that an address may hold. Other ones, and other types, are dropped. */
type Raw = Readonly<Record<string, unknown>>;

const LONGEST = 2000;

/** A number or a boolean in an address arrives as one. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value).slice(0, LONGEST);
  return text === '' ? undefined : text;
}

/** Keeps the named texts. */
export const textsOf =
  <Name extends string>(...names: readonly Name[]) =>
  (raw: Raw): { [Key in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const text = textOf(raw[name]);
        return text === undefined ? [] : [[name, text]];
      }),
    ) as { [Key in Name]?: string };

/** Another search with some parts changed; empty ones are left out of the address. */
export const changed = <Search extends object>(
  search: Search,
  change: { readonly [Name in keyof Search]?: string | undefined },
): Search =>
  Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => Boolean(value))) as Search;

/** `q` is the query line, which holds every filter; `cursor` is the page, `trail` the cursors of those before it. */
export const messagesSearch = textsOf('q', 'cursor', 'trail');

export const messageSearch = textsOf('tab', 'recipients');

/** `q` is looked for by the page itself. */
export const tailSearch = textsOf('types', 'message', 'q');

export const suppressionsSearch = textsOf('address', 'reason', 'source', 'since', 'cursor');

export const pageSearch = textsOf('cursor');

export const webhookSearch = textsOf('status', 'event', 'message', 'from', 'to', 'cursor');

export const auditSearch = textsOf('actor', 'action', 'target', 'since', 'cursor');

/** Days, and what the rows are. */
export const statisticsSearch = textsOf('from', 'to', 'by');

export const templatesSearch = textsOf('q', 'state', 'cursor');

/** `groups` is the page of the groups, `cursor` that of the contacts. */
export const audienceSearch = textsOf('group', 'address', 'externalId', 'groups', 'cursor');
