import type { ProviderWords } from '../problem.js';

/** The provider says, in a way its documents define, that it won't do what was asked of it beside sending. */
export class ProviderRefusedError extends Error {
  override readonly name = 'ProviderRefusedError';
  /** The provider does not have the thing that the call named. */
  readonly notFound: boolean;
  /** It has ended the service that was asked for. */
  readonly retired: boolean;

  constructor(
    message: string,
    readonly provider: ProviderWords,
    why?: 'not_found' | 'retired',
  ) {
    super(message);
    this.notFound = why === 'not_found';
    this.retired = why === 'retired';
  }
}
