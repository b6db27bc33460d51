import type { AdministeredProvider } from '@gateway/core';

/** The configured accounts, in the order of preference. The api never sends through them. */
export class Providers {
  constructor(
    readonly all: readonly AdministeredProvider[],
    readonly sandbox: boolean,
  ) {}
}
