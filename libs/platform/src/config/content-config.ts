import { z } from 'zod';

/** Mail that is encrypted in the database: with login codes, or all of it with its files. */
const contentScopes = ['authentication', 'all'] as const;
type ContentScope = (typeof contentScopes)[number];

interface ContentKey {
  /** Kept with what it encrypts. */
  readonly id: string;
  /** 32 bytes, for AES-256-GCM. */
  readonly key: Buffer;
}

/** The encryption of contents at rest. */
export interface ContentConfig {
  /** The first encrypts, all decrypt. None: nothing is encrypted. */
  readonly keys: readonly ContentKey[];
  /** The keys as they were written, for loggers to mask. */
  readonly keyTexts: readonly string[];
  readonly scope: ContentScope;
}

const KEY_BYTES = 32;
/** A stored key has its id between dots. */
const ID = /^[A-Za-z0-9_-]{1,32}$/;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

export const contentSchema = z
  .object({
    CONTENT_KEYS: z
      .string()
      .transform((text, ctx) => {
        const entries = text.split(',').map(readEntry);
        const fault = faultOf(entries);
        if (fault === undefined) return entries.filter((entry) => typeof entry === 'object');
        ctx.issues.push({ code: 'custom', message: fault, input: undefined });
        return z.NEVER;
      })
      .optional(),
    CONTENT_ENCRYPTION: z.string().trim().toLowerCase().pipe(z.enum(contentScopes)).optional(),
  })
  .refine(({ CONTENT_KEYS: keys, CONTENT_ENCRYPTION: scope }) => keys !== undefined || scope !== 'all', {
    path: ['CONTENT_ENCRYPTION'],
    message: 'is of no use without CONTENT_KEYS',
  });

export const contentConfig = (read: z.output<typeof contentSchema>): ContentConfig =>
  Object.freeze({
    keys: Object.freeze((read.CONTENT_KEYS ?? []).map(({ id, key }) => Object.freeze({ id, key }))),
    keyTexts: Object.freeze((read.CONTENT_KEYS ?? []).map(({ text }) => text)),
    scope: read.CONTENT_ENCRYPTION ?? 'authentication',
  });

type Entry = ContentKey & { readonly text: string };

/** @returns what is wrong with an entry, where it is not one. Never quotes a key. */
function readEntry(given: string, index: number): Entry | string {
  const [id = '', ...rest] = given.trim().split(':');
  const text = rest.join(':');
  if (rest.length === 0 || !ID.test(id)) {
    return `must be comma-separated "id:key"; id ${index + 1} is not 1 to 32 letters, digits, "_" or "-"`;
  }
  const key = readKey(text);
  return key === undefined
    ? `has a key that is not ${KEY_BYTES} bytes in base64 or hex, under the id "${id}"`
    : { id, key, text };
}

/** Hex first: every hex text is base64 as well. */
function readKey(text: string): Buffer | undefined {
  const key = HEX.test(text) ? Buffer.from(text, 'hex') : BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  return key?.length === KEY_BYTES ? key : undefined;
}

function faultOf(entries: readonly (Entry | string)[]): string | undefined {
  const keys = new Map<string, string>();
  for (const entry of entries) {
    if (typeof entry === 'string') return entry;
    if (keys.has(entry.id)) return `has the id "${entry.id}" twice`;
    const hex = entry.key.toString('hex');
    const same = [...keys].find(([, other]) => other === hex);
    if (same !== undefined) return `has the same key under the ids "${same[0]}" and "${entry.id}"`;
    keys.set(entry.id, hex);
  }
  return undefined;
}
