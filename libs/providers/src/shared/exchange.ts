import { ProviderUnavailableError, UnconfirmedError, type Refused } from '@gateway/core';
import { NotSentError, type HttpClient, type HttpRequest, type HttpResponse } from '@gateway/platform';
import { wordsOf } from './answer.js';

/** The origin of a request: the account's name, and the vendor's name of the call. */
export interface Call {
  readonly provider: string;
  readonly operation: string;
}

/**
 * Posts once. A request that certainly never left is a definite no for the moment.
 * @throws UnconfirmedError when it may have been received and no complete answer came.
 */
export async function postOnce(
  http: HttpClient,
  request: HttpRequest,
  call: Call,
): Promise<{ readonly answer: HttpResponse } | { readonly refused: Refused }> {
  try {
    return { answer: await http.request(request) };
  } catch (error) {
    if (error instanceof NotSentError) return { refused: notSent(error, call) };
    throw new UnconfirmedError(textOf(error), wordsOf(call.provider, {}), { cause: error });
  }
}

const notSent = (error: NotSentError, { provider, operation }: Call): Refused => ({
  outcome: 'refused',
  operation,
  reason: 'provider_unavailable',
  scope: 'moment',
  provider: wordsOf(provider, { message: error.message }),
  refusedRecipients: [],
});

/** Asks a question. @throws ProviderUnavailableError when no complete answer came. */
export async function ask(http: HttpClient, request: HttpRequest, provider: string): Promise<HttpResponse> {
  try {
    return await http.request(request);
  } catch (error) {
    throw new ProviderUnavailableError(textOf(error), wordsOf(provider, {}), undefined, { cause: error });
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'the request failed');
