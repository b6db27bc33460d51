/** Public ids: a prefix for the kind and the base32 form of a UUIDv7 (TypeID 0.3), e.g. `msg_01h455vb4pex5vsknk084sn02q`. */
export const idPrefixes = {
  message: 'msg',
  batch: 'bat',
  attachment: 'att',
  template: 'tpl',
  templateCategory: 'cat',
  contact: 'con',
  group: 'grp',
  webhookEndpoint: 'whk',
  event: 'evt',
  apiKey: 'key',
} as const;

export type IdKind = keyof typeof idPrefixes;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX_LENGTH = 26;

/** Writes a canonical UUID as a public id of the given kind. */
export function encodeId(kind: IdKind, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let suffix = '';
  for (let i = 0; i < SUFFIX_LENGTH; i += 1) {
    suffix = ALPHABET.charAt(Number(value & 31n)) + suffix;
    value >>= 5n;
  }
  return `${idPrefixes[kind]}_${suffix}`;
}

/** Reads a public id back to a UUID; `undefined` for anything that is not a well-formed id of this kind. */
export function decodeId(kind: IdKind, id: string): string | undefined {
  const prefix = `${idPrefixes[kind]}_`;
  if (!id.startsWith(prefix) || id.length !== prefix.length + SUFFIX_LENGTH) return undefined;
  let value = 0n;
  for (const character of id.slice(prefix.length)) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n !== 0n) return undefined;
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
