import { fieldErrorCodes, problemCodes, type ProblemCode } from '@gateway/core';
import { problemType } from '@gateway/platform';
import { z } from 'zod';
import { headerRefs, type HeaderName } from './headers.js';

const MEDIA_TYPE = 'application/problem+json';

export const fieldError = z.object({
  pointer: z.string().meta({ description: 'JSON pointer (RFC 6901) into the request' }),
  code: z.enum(fieldErrorCodes),
  detail: z.string(),
  line: z.int().optional().meta({ description: 'In NDJSON and CSV: the line, counted from 1' }),
});

export const problemSchema = z
  .object({
    type: z.string().meta({ format: 'uri', description: 'Stable URI of this kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The request id' }),
    code: z
      .enum(Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]])
      .meta({ description: 'Stable code for programs' }),
    retryable: z.boolean().meta({ description: 'The same request may succeed later without changes' }),
    errors: z.array(fieldError).max(100).optional().meta({ description: 'The first 100 invalid fields' }),
    errorCount: z.int().optional().meta({ description: 'Total number of invalid fields' }),
    provider: z
      .object({ name: z.string(), code: z.string(), message: z.string() })
      .partial()
      .optional()
      .meta({ description: "The provider's own code and message" }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document' });

/** Every problem with these codes, by status, as answers of an operation. */
export function problemAnswers(codes: Iterable<ProblemCode>, schema: object): Record<string, object> {
  const byStatus = Map.groupBy(new Set(codes), (code) => problemCodes[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${problemCodes[code].title}`).join('. '),
        headers: headerRefs(headersOf(status, group)),
        content: {
          [MEDIA_TYPE]: {
            schema,
            examples: Object.fromEntries(group.map((code) => [code, { summary: code, value: exampleOf(code) }])),
          },
        },
      },
    ]),
  );
}

function headersOf(status: number, codes: readonly ProblemCode[]): HeaderName[] {
  const retry = status === 429 || status === 503 || codes.includes('idempotency_in_flight');
  return [
    'X-Request-Id',
    ...(status === 401 ? ['WWW-Authenticate' as const] : []),
    ...(retry ? ['Retry-After' as const] : []),
    ...(status === 429 ? (['RateLimit-Policy', 'RateLimit'] as const) : []),
  ];
}

const details: Partial<Record<ProblemCode, string>> = {
  unauthorized: 'Send a valid API key as "Authorization: Bearer <key>".',
  forbidden: 'This call needs a key with the scope "messages:write".',
  sender_not_allowed: '/from: the API key may send as shop@example.com only',
  not_found: 'There is no message with this id.',
  malformed_json: 'The body is not valid JSON, or gives a member twice.',
  body_too_large: 'The body is larger than this route takes.',
  unsupported_media_type: 'This route does not take the content type of the request.',
  validation_failed: '/recipients/3/address: is not an e-mail address (and 1 more)',
  unsupported_by_provider: 'No account can send this. ncp: it takes no custom headers',
  nothing_to_cancel: 'Every recipient is with a provider, final or cancelled already.',
  nothing_to_redrive: 'No recipient of this message is in one of these states and not redriven already.',
  endpoint_paused: 'The endpoint is paused, so nothing is sent to it. Resume it first.',
  target_forbidden: '/url: 10.0.0.1 is a private address; an operator can allow it (WEBHOOK_ALLOW_CIDRS)',
  webhooks_not_configured:
    'The gateway has no WEBHOOK_MASTER_KEY, so it cannot make or use secrets of webhook endpoints.',
  idempotency_key_invalid: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
  idempotency_key_reused: 'This Idempotency-Key came with another request before; use a new key for a new request.',
  idempotency_in_flight: 'The first request with this Idempotency-Key is still running; ask again for its answer.',
  overloaded: 'The gateway is busy or about to stop. Try again shortly.',
  internal_error: 'Something failed inside the gateway. Quote the request id to its operators.',
};

const invalidFields = {
  errors: [
    { pointer: '/recipients/3/address', code: 'invalid_address', detail: 'is not an e-mail address' },
    { pointer: '/subjct', code: 'unknown_field', detail: '"subjct" is not a field of this object' },
  ],
  errorCount: 2,
};

function exampleOf(code: ProblemCode): z.input<typeof problemSchema> {
  const { status, title, retryable } = problemCodes[code];
  return {
    type: problemType(code),
    title,
    status,
    detail: details[code] ?? title,
    instance: '01941f29-7c00-7000-8000-5f1d0c9a3e77',
    code,
    retryable,
    ...(code === 'validation_failed' && (invalidFields as Pick<z.input<typeof problemSchema>, 'errors'>)),
  };
}
