import type { Dialect } from '@gateway/core';

/**
 * `${key}` (ncp.md §3.1, sens.md §2.1). `#{…}` is the syntax of the unsubscribe text: v2 does not restate v1's tag for its
 * place. For an advertisement NAVER puts `(광고)` and the unsubscribe text itself. A `$` before a variable is kept apart
 * from it: Java substitutors read `$${key}` as an escape.
 */
export const naverDialect: Dialect = {
  variable: (key) => `\${${key}}`,
  reserved: /[$#]\{/g,
  edge: /[$#]/,
  unsubscribeLink: '#{UNSUBSCRIBE_MESSAGE}',
};
