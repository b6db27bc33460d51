export type QueryValue = string | number | boolean | Date | null | undefined;
export type Query = Readonly<Record<string, QueryValue | readonly string[] | Readonly<Record<string, QueryValue>>>>;

/** @throws TypeError unless it can be put before `/v1` */
export function baseUrl(given: string | URL): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new TypeError(`url must be absolute, such as https://mail.example.com (is ${JSON.stringify(String(given))})`);
  }
  const wrong = faultOf(url);
  if (wrong !== undefined) throw new TypeError(`url ${wrong}`);
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function faultOf({ protocol, username, password, search, hash }: URL): string | undefined {
  if (!/^https?:$/.test(protocol)) return `must begin with https:// or http:// (is ${protocol})`;
  if (username !== '' || password !== '') return 'must not contain credentials; pass the key as apiKey';
  return search + hash === '' ? undefined : `must not have a query or fragment (has ${search}${hash})`;
}

/** A path whose values are encoded: `` path`/v1/messages/${id}` ``. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((text, part, index) => text + segment(values[index - 1]) + part);
}

/** A value that is empty or made of dots would lead to another path. */
function segment(value: unknown): string {
  if (typeof value === 'string' && /[^.]/.test(value)) return encodeURIComponent(value);
  throw new TypeError(`an id, name or address is expected (is ${JSON.stringify(value) ?? 'undefined'})`);
}

/** `{ tag: 'x', metadata: { order: '7' } }` is `?tag=x&metadata[order]=7`; what is undefined or null is left out. */
export function queryString(query: Query): string {
  const flat = Object.entries(query).flatMap(([name, value]) => entriesOf(name, value));
  return flat.length === 0 ? '' : `?${new URLSearchParams(flat).toString()}`;
}

function entriesOf(name: string, value: Query[string]): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[name, value.join(',')]];
  if (value instanceof Date) return [[name, value.toISOString()]];
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value as Query).flatMap(([key, inner]) => entriesOf(`${name}[${key}]`, inner));
}
