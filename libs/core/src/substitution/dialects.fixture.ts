import { ADVERTISING_MARK, type Dialect } from './dialect.js';

/** The ways of both vendors to write variables, with all that a dialect may have. */
export const BRACES: Dialect = {
  variable: (key) => `\${${key}}`,
  reserved: /\$\{|#\{/g,
  unsubscribeLink: '#{UNSUBSCRIBE}',
};
export const HASHES: Dialect = {
  variable: (key) => `##${key}##`,
  reserved: /##+/g,
  edge: /#/,
  unsubscribeLink: '##BLOCK_LINK##',
  unsubscribeUrl: '##BLOCK_LINK_URL##',
  advertisingMark: ADVERTISING_MARK,
  unsubscribeFooter: '##BLOCK_LINK## end',
};
