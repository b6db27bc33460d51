import { GatewayProblem, ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';

const SECONDS_TO_WAIT = 5;

export interface Administration {
  /** The account's name. */
  readonly account: string;
  /** For all calls of the work together; a single call has the limit of its adapter besides. */
  readonly withinMs: number;
}

/**
 * Calls an account for something other than mail, within a time.
 * @throws GatewayProblem in place of the account's own errors, with its words beside: `provider_retired`,
 * `unsupported_by_provider` for a no, `overloaded` when there was no verdict; a change may have happened then.
 */
export async function administer<T>(
  { account, withinMs }: Administration,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    return await work(signal);
  } catch (error) {
    if (error instanceof ProviderRefusedError) throw refusal(account, error);
    if (error instanceof ProviderUnavailableError || (signal.aborted && error === signal.reason)) {
      throw silence(account, error);
    }
    throw error;
  }
}

function refusal(account: string, error: ProviderRefusedError): GatewayProblem {
  const options = { provider: error.provider, cause: error };
  return error.retired
    ? new GatewayProblem('provider_retired', `${account} has ended this service.`, options)
    : new GatewayProblem('unsupported_by_provider', `${account} has refused this.`, options);
}

function silence(account: string, error: unknown): GatewayProblem {
  const { provider, retryAfterMs } =
    error instanceof ProviderUnavailableError ? error : { provider: { name: account }, retryAfterMs: undefined };
  return new GatewayProblem('overloaded', `${account} has not answered; the same request may be sent again.`, {
    provider,
    retryAfterSeconds: retryAfterMs === undefined ? SECONDS_TO_WAIT : Math.ceil(retryAfterMs / 1000),
    cause: error,
  });
}
