const SECRET_WORDS: ReadonlySet<string> = new Set([
  'authorization',
  'secret',
  'secrets',
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'pwd',
  'signature',
  'signatures',
  'token',
  'tokens',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'apikey',
  'apikeys',
  'accesskey',
  'appkey',
  'appkeys',
  'secretkey',
  'privatekey',
  'masterkey',
]);

/** Words that make a key a secret: `app-key`, but not `idempotency-key` or `key`. */
const SECRET_KINDS_OF_KEYS: ReadonlySet<string> = new Set(['api', 'access', 'app', 'secret', 'private', 'master']);

/** Words behind a secret's name that leave it a secret: `signature-v2`, `accessKeyValue`, `previousSecrets`. */
const LEAVES_IT_A_SECRET = /^(?:v?\d+|value|values|header|headers|raw|text|plain|base64|hex|current|previous|old|new)$/;

/** `xSecretKey`, `X-Secret-Key`, `NHN_SECRET_KEY` → x, secret, key. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

const LONGEST_NAME = 100;

/** Log lines have the same few names again and again. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1000;

/**
 * Does a member, header or parameter of this name hold a credential? The noun at its end decides: `sessionToken` does;
 * `tokenCount`, `passwordless`, `keyId`, `nextCursor` do not.
 */
export function isSecretName(name: string): boolean {
  if (name === '' || name.length > LONGEST_NAME) return false;
  const known = judged.get(name);
  if (known !== undefined) return known;
  if (judged.size >= MOST_JUDGED) judged.clear();
  const secret = judge(name);
  judged.set(name, secret);
  return secret;
}

function judge(name: string): boolean {
  const words = [...wordsOf(name)];
  while (words.length > 1 && LEAVES_IT_A_SECRET.test(words.at(-1) ?? '')) words.pop();
  const noun = words.at(-1) ?? '';
  // The id of an access key is half of the pair that signs requests.
  if (words.slice(-3).join(' ') === 'access key id' || SECRET_WORDS.has(noun)) return true;
  return /^keys?$/.test(noun) && SECRET_KINDS_OF_KEYS.has(words.at(-2) ?? '');
}
