/** One environment variable of a provider, as the documents list it. */
export interface ProviderVariable {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  readonly secret?: boolean;
  /** Without it there is no account. */
  readonly required?: boolean;
  /** A sandbox gives it only to an account that sets this variable, to whatever value. */
  readonly onlyWith?: string;
}
