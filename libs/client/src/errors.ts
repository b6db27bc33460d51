import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** A code of docs/errors.md. Newer gateways may answer others; `http_error` stands for answers that are no problem document. */
export type ProblemCode = Schemas['Problem']['code'] | 'http_error' | (string & {});
export type FieldError = NonNullable<Schemas['Problem']['errors']>[number];

/** Everything that the client throws by itself, apart from `TypeError` for wrong arguments. */
export abstract class GatewayError extends Error {
  /** May the same call succeed later, without changes? The client has repeated such calls already. */
  abstract readonly retryable: boolean;
  /** How often the request was made. */
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

/** The gateway refused the call, or something before it did: the answer was not 2xx. */
export class GatewayProblem extends GatewayError {
  override readonly name = 'GatewayProblem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  /** Invalid fields, by JSON pointer; the first 100. */
  readonly errors: readonly FieldError[];
  /** Of all invalid fields. */
  readonly errorCount: number;
  /** The words of an email provider, where it refused. */
  readonly provider: Schemas['Problem']['provider'];
  /** Finds the request in the gateway's logs. */
  readonly requestId: string | undefined;
  /** Of `Retry-After`. */
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

/** There was no usable answer. */
export class GatewayConnectionError extends GatewayError {
  override readonly name: string = 'GatewayConnectionError';
  /** `no`: the gateway never got the request. `maybe`: it may have; repeat it with the same idempotency key. */
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
