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

/** `q` is the query line, which holds every filter; `cursor` is the page, `trail` the cursors of those before it. */
export const messagesSearch = textsOf('q', 'cursor', 'trail');

export const messageSearch = textsOf('tab', 'recipients');
