/** Why texts of a message are not shown: they may hold a login code, or the key that encrypts them is missing. */
export const withholdings = ['authentication', 'key_missing'] as const;
export type Withheld = (typeof withholdings)[number];

/** Login codes are never read back: a reader could sign in as someone else. */
export const withheldOf = (category: string): Withheld | null =>
  category === 'authentication' ? 'authentication' : null;
