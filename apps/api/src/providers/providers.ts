import type { EmailProvider } from '@gateway/core';

/** The configured accounts, in the order of preference. The api only asks them what they can do; it never sends. */
export class Providers {
  constructor(
    readonly all: readonly EmailProvider[],
    readonly sandbox: boolean,
  ) {}
}
