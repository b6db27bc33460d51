import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { ProblemCode } from '@gateway/core';
import type { z } from 'zod';
import { TAKES_BODY } from '../http/body.guard.js';
import { TAKES_QUERY } from '../http/query/query.guard.js';
import type { HeaderName } from './headers.js';

/** How a good answer looks. */
export interface AnswerDoc {
  readonly status: number;
  readonly description: string;
  readonly headers?: readonly HeaderName[];
  /** None: an answer without a body. */
  readonly content?: {
    /** `application/json` unless given. */
    readonly mediaType?: string;
    readonly schema: z.ZodType;
    readonly example: unknown;
  };
}

export interface RequestExample {
  readonly summary: string;
  readonly value: unknown;
}

export interface BodyDoc {
  readonly mediaType?: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** Made again for every document, because some contain a future time. The first one is what Swagger UI starts with. */
  readonly examples: (now: Date) => Readonly<Record<string, RequestExample>>;
}

export interface ParameterDoc {
  readonly description: string;
  readonly schema: object;
  readonly example?: unknown;
  readonly style?: 'deepObject';
}

/** All that the OpenAPI document tells of one call besides its path and method, which Nest knows. */
export interface OperationDoc {
  /** The stable name that generated clients call it by. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Needs no key. */
  readonly open?: true;
  readonly path?: Readonly<Record<string, ParameterDoc>>;
  readonly query?: z.ZodType;
  /** Optional parameters of `query` that Swagger UI fills in with their examples. */
  readonly filledQuery?: readonly string[];
  /** Query parameters that no schema can name. */
  readonly moreQuery?: Readonly<Record<string, ParameterDoc>>;
  /** Takes an Idempotency-Key; `checked`: changes nothing, so that a repeated call just runs again. */
  readonly idempotent?: true | 'checked';
  readonly bodies?: readonly BodyDoc[];
  /** Works without a body too. */
  readonly bodyOptional?: true;
  readonly answers: readonly AnswerDoc[];
  /** Its own ones; those that follow from a key, a path, a query or a body are added. */
  readonly problems?: readonly ProblemCode[];
}

const operations = new Map<string, OperationDoc>();

/** Documents a call. */
export function Documented(doc: OperationDoc): MethodDecorator {
  operations.set(doc.id, doc);
  return applyDecorators(
    ApiOperation({ operationId: doc.id, summary: doc.summary, description: doc.description }),
    SetMetadata(TAKES_QUERY, doc.query !== undefined || doc.moreQuery !== undefined),
    SetMetadata(TAKES_BODY, doc.bodies !== undefined),
  );
}

/** @throws Error for an undocumented call, so that the document lists every route. */
export function documentationOf(operationId: string | undefined): OperationDoc {
  const doc = operations.get(operationId ?? '');
  if (doc === undefined) throw new Error(`the call "${operationId}" has no documentation`);
  return doc;
}

/** An answer with a body whose example the compiler checks. */
export const json = <T extends z.ZodType>(schema: T, example: z.input<T>): NonNullable<AnswerDoc['content']> => ({
  schema,
  example,
});
