/** One environment variable of a provider, as the documents list it. */
export interface ProviderVariable {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  readonly secret?: boolean;
  /** Without it there is no account. */
  readonly required?: boolean;
}
