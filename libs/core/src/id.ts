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
  webhookDelivery: 'dlv',
  webhookSlice: 'whs',
  event: 'evt',
  apiKey: 'key',
  auditEntry: 'adt',
  route: 'rte',
} as const;

export type IdKind = keyof typeof idPrefixes;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX_LENGTH = 26;
const HEX = '0123456789abcdef';

/** Of its 130 bits the first two are always 0. */
const SPARE_BITS = 2;
const HIGHEST_FIRST = 7;

/** Writes a canonical UUID as a public id of the given kind. */
export function encodeId(kind: IdKind, uuid: string): string {
  let suffix = '';
  let [rest, bits] = [0, SPARE_BITS];
  // Digit by digit: every answer holds ids, and a BigInt for each of their steps was a tenth of its garbage.
  for (let i = 0; i < uuid.length; i += 1) {
    const digit = HEX.indexOf(uuid.charAt(i));
    if (digit < 0) continue;
    rest = (rest << 4) | digit;
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    suffix += ALPHABET.charAt(rest >> bits);
    rest &= (1 << bits) - 1;
  }
  return `${idPrefixes[kind]}_${suffix}`;
}

/** Reads a public id back to a UUID; `undefined` for anything that is not a well-formed id of this kind. */
export function decodeId(kind: IdKind, id: string): string | undefined {
  const prefix = `${idPrefixes[kind]}_`;
  if (!id.startsWith(prefix) || id.length !== prefix.length + SUFFIX_LENGTH) return undefined;
  let hex = '';
  let [rest, bits] = [0, -SPARE_BITS];
  for (let i = prefix.length; i < id.length; i += 1) {
    const digit = ALPHABET.indexOf(id.charAt(i));
    if (digit < 0 || (i === prefix.length && digit > HIGHEST_FIRST)) return undefined;
    rest = (rest << 5) | digit;
    for (bits += 5; bits >= 4; bits -= 4) hex += HEX.charAt((rest >> (bits - 4)) & 15);
    rest &= (1 << bits) - 1;
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
