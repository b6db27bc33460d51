import type { ProblemCode } from '@gateway/core';
import type { Scope } from '../http/scopes.js';
import { headerRefs } from './headers.js';
import type { JsonSchema, SchemaComponents } from './json-schema.js';
import type { AnswerDoc, BodyDoc, OperationDoc, ParameterDoc } from './operation.js';
import { problemAnswers, problemSchema } from './problem-answers.js';

const JSON_TYPE = 'application/json';

/** Problems that any call below /v1 can answer. */
const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_json',
  'unauthorized',
  'forbidden',
  // Calls without parameters refuse a query, too.
  'validation_failed',
  'rate_limited',
  'internal_error',
  'overloaded',
];

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: '1 to 255 visible ASCII characters. The same key with the same body gets the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$', examples: ['order-17-shipped'] },
};

export interface DescribeContext {
  readonly method: string;
  readonly now: Date;
  readonly components: SchemaComponents;
  /** The scope that the call needs; none: it is open. */
  readonly scope?: Scope | undefined;
}

/** The parts of an OpenAPI operation that Nest does not fill in. */
export function describeOperation(doc: OperationDoc, context: DescribeContext): object {
  const { components, now, scope } = context;
  return {
    ...(scope && { description: `${doc.description}\n\nScope: \`${scope}\`.` }),
    ...(doc.open && { security: [] }),
    parameters: [
      ...Object.entries(doc.path ?? {}).map(([name, parameter]) => describeParameter(name, 'path', parameter)),
      ...(doc.idempotent ? [IDEMPOTENCY_KEY] : []),
      ...(doc.query ? queryParameters(components.add(doc.query, 'input'), doc.filledQuery) : []),
      ...Object.entries(doc.moreQuery ?? {}).map(([name, parameter]) => describeParameter(name, 'query', parameter)),
    ],
    ...(doc.bodies && { requestBody: { required: !doc.bodyOptional, ...describeBodies(doc.bodies, now, components) } }),
    responses: {
      ...Object.fromEntries(doc.answers.map((answer) => [String(answer.status), describeAnswer(answer, components)])),
      ...problemAnswers(problemsOf(doc, context.method), components.add(problemSchema, 'output')),
    },
  };
}

const describeParameter = (name: string, place: 'path' | 'query', parameter: ParameterDoc): object => ({
  name,
  in: place,
  required: place === 'path',
  ...parameter,
  ...(parameter.style === 'deepObject' && { explode: true }),
});

/**
 * An example of a needed parameter is filled in by Swagger UI; that of a filter is only shown, unless it is in `filled`.
 */
function queryParameters(schema: JsonSchema, filled: readonly string[] = []): object[] {
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? []);
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>;
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: 'query',
    required: required.has(name),
    description,
    schema: property,
    ...((required.has(name) || filled.includes(name)) && { example: (property['examples'] as readonly unknown[])[0] }),
  }));
}

const describeBodies = (bodies: readonly BodyDoc[], now: Date, components: SchemaComponents): object => ({
  description: bodies.map(({ description }) => description).join('\n\n'),
  content: Object.fromEntries(
    bodies.map(({ mediaType = JSON_TYPE, schema, examples }) => [
      mediaType,
      { schema: components.add(schema, 'input'), examples: examples(now) },
    ]),
  ),
});

const describeAnswer = ({ description, headers = [], content }: AnswerDoc, components: SchemaComponents): object => ({
  description,
  headers: headerRefs(['X-Request-Id', ...headers]),
  ...(content && {
    content: {
      [content.mediaType ?? JSON_TYPE]: {
        schema: components.add(content.schema, 'output'),
        example: content.example,
      },
    },
  }),
});

function problemsOf(doc: OperationDoc, method: string): ProblemCode[] {
  const codes: ProblemCode[] = doc.open ? [] : [...EVERYWHERE];
  if (doc.path) codes.push('not_found');
  if (method !== 'get') codes.push('malformed_json', 'body_too_large', 'unsupported_media_type');
  if (doc.open && (doc.query || doc.bodies)) codes.push('validation_failed');
  if (doc.idempotent) codes.push('idempotency_key_invalid');
  if (doc.idempotent === true) codes.push('idempotency_in_flight', 'idempotency_key_reused');
  return [...codes, ...(doc.problems ?? [])];
}
