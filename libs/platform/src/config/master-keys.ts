import { z } from 'zod';

const LEAST_KEY_BYTES = 32;
const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Keys from which others are derived; the first makes new ones. `texts`: as they were written, for loggers to mask. */
export interface MasterKeys {
  readonly texts: readonly string[];
  readonly keys: readonly Buffer[];
}

/** One or more comma-separated keys. A fault never quotes them. */
export const masterKeys = () =>
  z.string().transform((text, ctx): MasterKeys => {
    const texts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const keys = texts.map(readKey);
    if (keys.every((key) => key !== undefined)) return { texts, keys };
    ctx.issues.push({
      code: 'custom',
      message: `must be one or more comma-separated keys of at least ${LEAST_KEY_BYTES} bytes, in base64 or hex`,
      input: undefined,
    });
    return z.NEVER;
  });

/** Hex first: every hex text is base64 as well. */
function readKey(text: string): Buffer | undefined {
  const key = HEX.test(text) ? Buffer.from(text, 'hex') : BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  return key !== undefined && key.length >= LEAST_KEY_BYTES ? key : undefined;
}
