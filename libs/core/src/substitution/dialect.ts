/**
 * How one provider writes substitution in the texts it is given. Declared by the adapter; the compiler needs nothing
 * else to turn the neutral syntax into the provider's own.
 */
export interface Dialect {
  /** The provider's way to write a variable: `key` consists of `[A-Za-z0-9_]`. */
  variable(key: string): string;
  /**
   * Runs of caller text that the provider could take for its own syntax (a global RegExp, never matching nothing).
   * Each is handed over as the value of a variable, so that it comes out as it was typed.
   */
  readonly reserved: RegExp;
  /** Characters that literal text must not have next to a variable, such as the `#` of `##key##`. */
  readonly edge?: RegExp;
  /** The provider's token for a link by which the reader unsubscribes. */
  readonly unsubscribeLink: string;
  /** The provider's token for the bare URL of it; absent where the provider has none. */
  readonly unsubscribeUrl?: string;
  /** Set where the gateway, not the provider, puts the mark of an advertisement at the head of the subject. */
  readonly advertisingMark?: string;
  /** Text to append to an advertisement without unsubscribe token; absent if the provider appends it. */
  readonly unsubscribeFooter?: string;
}

/** Names that stand for the unsubscribe tokens in `marketing` messages. */
export const UNSUBSCRIBE_LINK = 'unsubscribe';
export const UNSUBSCRIBE_URL = 'unsubscribeUrl';
/** The mark that Korean law (정보통신망법 §50) wants at the head of an advertisement's subject. */
export const ADVERTISING_MARK = '(광고)';
