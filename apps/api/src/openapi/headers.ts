/** Headers of answers, by the name under which `components.headers` tells them once. */
const described = {
  'X-Request-Id': {
    description: 'Id of this request, also in its log lines; your own value if it is valid',
    required: true,
    schema: { type: 'string', examples: ['01941f29-7c00-7000-8000-5f1d0c9a3e77'] },
  },
  Location: {
    description: 'Path of the new resource',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Idempotent-Replayed': {
    description: 'Present if this is the answer to an earlier request with the same Idempotency-Key',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before trying again',
    schema: { type: 'integer', minimum: 1, examples: [1] },
  },
  'RateLimit-Policy': {
    description: 'Rates of the API key, where it has any: `"requests";q=50;w=1` is 50 requests per second',
    schema: { type: 'string', examples: ['"requests";q=50;w=1'] },
  },
  RateLimit: {
    description: 'What is left of them (`r`), and for how many seconds (`t`)',
    schema: { type: 'string', examples: ['"requests";r=49;t=1'] },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate',
    required: true,
    schema: { type: 'string', examples: ['Bearer realm="email gateway"'] },
  },
} as const;

export type HeaderName = keyof typeof described;

export const headerComponents: Readonly<Record<HeaderName, object>> = described;

export const headerRefs = (names: readonly HeaderName[]): Record<string, { readonly $ref: string }> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
