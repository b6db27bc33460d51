import type { AdministeredProvider } from '@gateway/core';
import { ProviderDirectory } from '@gateway/delivery';
import { CONFIG, type GatewayConfig } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

/** The configured accounts, in the order of preference. The api never sends through them. */
@Injectable()
export class Providers {
  readonly all: readonly AdministeredProvider[];
  /** A simulator stands in for the providers. */
  readonly sandbox: boolean;

  constructor(directory: ProviderDirectory, @Inject(CONFIG) { sandbox = false }: Pick<GatewayConfig, 'sandbox'>) {
    this.all = directory.all;
    this.sandbox = sandbox;
  }
}
