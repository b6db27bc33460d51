import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { problemCodes, type ProblemCode } from '@gateway/core';
import { PROBLEM_MEDIA_TYPE, problemType } from '@gateway/platform';
import { z } from 'zod';

/** How a good answer looks, for the OpenAPI document. */
export interface AnswerDoc {
  readonly status: number;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

/** What every call below /v1 can answer besides its own. */
const EVERYWHERE: readonly ProblemCode[] = [
  'unauthorized',
  'forbidden',
  'rate_limited',
  'overloaded',
  'internal_error',
];
const WITH_BODY: readonly ProblemCode[] = ['malformed_json', 'body_too_large', 'unsupported_media_type'];

/** Documents a call's good answer and every problem that it can end in. */
export const Answers = (doc: AnswerDoc, problems: readonly ProblemCode[]): MethodDecorator =>
  applyDecorators(
    ApiResponse({
      status: doc.status,
      description: doc.description,
      content: { 'application/json': { schema: toJsonSchema(doc.schema), example: doc.example } },
    }),
    ...problemResponses(problems),
  );

export const NoContent = (problems: readonly ProblemCode[]): MethodDecorator =>
  applyDecorators(ApiResponse({ status: 204, description: 'Done' }), ...problemResponses(problems));

function problemResponses(own: readonly ProblemCode[]): MethodDecorator[] {
  const takesBody = own.includes('validation_failed');
  const codes = [...new Set([...own, ...EVERYWHERE, ...(takesBody ? WITH_BODY : [])])];
  const byStatus = Map.groupBy(codes, (code) => problemCodes[code].status);
  return [...byStatus].map(([status, group]) =>
    ApiResponse({
      status,
      description: group.map((code) => `\`${code}\`: ${problemCodes[code].title}`).join('. '),
      content: {
        [PROBLEM_MEDIA_TYPE]: {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(group.map((code) => [code, { summary: code, value: exampleOf(code) }])),
        },
      },
    }),
  );
}

function exampleOf(code: ProblemCode): unknown {
  const { status, title, retryable } = problemCodes[code];
  const errors = [{ pointer: '/recipients/3/address', code: 'invalid_address', detail: 'is not an e-mail address' }];
  return {
    type: problemType(code),
    title,
    status,
    detail: title,
    instance: 'req-01j9z3k4m5n6p7q8r9s0t1v2w3',
    code,
    retryable,
    ...(code === 'validation_failed' && { errors, errorCount: 1 }),
  };
}

/** OpenAPI 3.1 speaks JSON Schema 2020-12, which zod writes. */
export const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output' = 'output'): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

export const problemSchema = z.object({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().meta({ description: 'The request id' }),
  code: z.enum(Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]]),
  retryable: z.boolean().meta({ description: 'May the same request succeed later without being changed?' }),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string(), line: z.int().optional() }))
    .optional(),
  errorCount: z.int().optional(),
  provider: z.object({ name: z.string(), code: z.string(), message: z.string() }).partial().optional(),
});
