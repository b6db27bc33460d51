import type { Refused, RenderedRequest } from '@gateway/core';
import { REDACTED, type HttpResponse } from '@gateway/platform';
import { postOnce } from '../shared/exchange.js';
import { inTurns } from '../shared/json-body.js';
import type { SignedApi } from './signed-api.js';
import { SEND_OPERATION } from './verdict.js';

const JSON_TYPE = { 'content-type': 'application/json' } as const;

/** The post of a mail request as it is shown, without what identifies the account. */
export function shownPost(api: SignedApi, baseUrl: string, path: string, body: object): RenderedRequest {
  const { method, headers } = api.signed('POST', path);
  return {
    operation: SEND_OPERATION,
    method,
    url: `${baseUrl}${path}`,
    headers: {
      ...headers,
      ...JSON_TYPE,
      'x-ncp-iam-access-key': REDACTED,
      'x-ncp-apigw-signature-v2': REDACTED,
    },
    body,
  };
}

/** Posts a mail request, once. @throws UnconfirmedError when it may have been received and no complete answer came. */
export async function postMail(
  api: SignedApi,
  path: string,
  chunks: Iterable<Buffer>,
  signal: AbortSignal,
): Promise<{ readonly answer: HttpResponse } | { readonly refused: Refused }> {
  const body = await inTurns(chunks);
  // Signed last: the timestamp is good for five minutes (ncp.md §1.2, sens.md §1.1).
  const request = api.signed('POST', path);
  const headers = { ...request.headers, ...JSON_TYPE };
  return postOnce(
    api.http,
    { ...request, headers, body, signal },
    { provider: api.account, operation: SEND_OPERATION },
  );
}
