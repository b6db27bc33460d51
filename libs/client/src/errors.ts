import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** A code of docs/errors.md, or `http_error` for an answer that is no problem document. Newer gateways may have others. */
export type ProblemCode = Schemas['Problem']['code'] | 'http_error' | (string & {});
export type FieldError = NonNullable<Schemas['Problem']['errors']>[number];

/** Base class of all errors of the client, apart from `TypeError` for wrong arguments. */
export abstract class GatewayError extends Error {
  /** Whether the same call may succeed later without changes. The client has already retried such calls. */
  abstract readonly retryable: boolean;
  /** Number of requests that the call has made. */
  attempts = 1;
}

export interface ProblemFields {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldError[];
  readonly errorCount?: number;
  readonly provider?: Schemas['Problem']['provider'];
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The gateway, or a server before it, refused the call: the answer was not 2xx. */
export class GatewayProblem extends GatewayError {
  override readonly name = 'GatewayProblem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  /** The first 100 invalid fields, by JSON pointer. */
  readonly errors: readonly FieldError[];
  /** Number of all invalid fields. */
  readonly errorCount: number;
  /** Code and message of the email provider, if it refused. */
  readonly provider: Schemas['Problem']['provider'];
  /** Identifies the request in the gateway's logs. */
  readonly requestId: string | undefined;
  /** The answer's `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(fields: ProblemFields) {
    const { code, status, detail, requestId, errors = [] } = fields;
    super(`${status} ${code}: ${detail}${requestId === undefined ? '' : ` (request ${requestId})`}`);
    this.code = code;
    this.status = status;
    this.title = fields.title;
    this.detail = detail;
    this.retryable = fields.retryable;
    this.errors = errors;
    this.errorCount = fields.errorCount ?? errors.length;
    this.provider = fields.provider;
    this.requestId = requestId;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

export interface ConnectionFields {
  readonly sent: 'no' | 'maybe';
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** No usable answer arrived. */
export class GatewayConnectionError extends GatewayError {
  override readonly name: string = 'GatewayConnectionError';
  /** `no`: the request did not reach the gateway. `maybe`: it may have; repeat it with the same idempotency key. */
  readonly sent: 'no' | 'maybe';
  readonly retryable: boolean;

  constructor(message: string, { sent, retryable = true, cause }: ConnectionFields) {
    super(message, { cause });
    this.sent = sent;
    this.retryable = retryable;
  }
}

/** The answer took too long, or the deadline of the call was reached. */
export class GatewayTimeout extends GatewayConnectionError {
  override readonly name = 'GatewayTimeout';
}
