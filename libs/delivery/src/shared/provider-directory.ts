import type { EmailProvider } from '@gateway/core';

/** The configured accounts by name. A batch may belong to an account that is no longer configured. */
export class ProviderDirectory {
  private readonly byName: ReadonlyMap<string, EmailProvider>;

  constructor(readonly all: readonly EmailProvider[]) {
    this.byName = new Map(all.map((provider) => [provider.name, provider]));
  }

  find(name: string): EmailProvider | undefined {
    return this.byName.get(name);
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }
}
