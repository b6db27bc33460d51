/**
 * Every error a caller can meet, by its stable `code` (api.md, "Conventions").
 * `retryable` tells a client whether the same request may succeed later without being changed.
 */
export const problemCodes = {
  unauthorized: { status: 401, title: 'A valid API key is needed', retryable: false },
  forbidden: { status: 403, title: 'The API key lacks the scope', retryable: false },
  not_found: { status: 404, title: 'No such resource', retryable: false },
  method_not_allowed: { status: 405, title: 'The resource does not take this method', retryable: false },
  nothing_to_cancel: { status: 409, title: 'Nothing was left to cancel', retryable: false },
  not_empty: { status: 409, title: 'The resource is not empty', retryable: false },
  idempotency_in_flight: { status: 409, title: 'The first request with this key is still running', retryable: true },
  body_too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The media type is not supported', retryable: false },
  malformed_json: { status: 400, title: 'The request is malformed', retryable: false },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key is malformed', retryable: false },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request', retryable: false },
  validation_failed: { status: 422, title: 'The request has invalid fields', retryable: false },
  unsupported_by_provider: { status: 422, title: 'No provider account can send this', retryable: false },
  provider_retired: { status: 422, title: 'The provider has ended this service', retryable: false },
  quota_exceeded: { status: 429, title: 'The provider quota is used up', retryable: true },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  overloaded: { status: 503, title: 'The gateway cannot take this now', retryable: true },
  internal_error: { status: 500, title: 'The gateway failed', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ProblemCode = keyof typeof problemCodes;

/** Codes of single field errors (api.md, "Field codes"). */
export const fieldErrorCodes = [
  'required',
  'invalid_type',
  'unknown_field',
  'too_long',
  'too_large',
  'too_many',
  'too_few',
  'invalid_address',
  'duplicate_address',
  'missing_variable',
  'invalid_template',
  'control_character',
  'in_the_past',
  'too_far_ahead',
  'forbidden_header',
  'unknown_reference',
  'not_allowed',
] as const;

export type FieldErrorCode = (typeof fieldErrorCodes)[number];

/** One invalid field. `pointer` is an RFC 6901 JSON pointer; `line` counts from 1 in NDJSON and CSV bodies. */
export interface FieldError {
  readonly pointer: string;
  readonly code: FieldErrorCode;
  readonly detail: string;
  readonly line?: number;
}

/** The provider's own words, verbatim but without secrets. */
export interface ProviderWords {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly httpStatus?: number;
}

export interface ProblemOptions {
  readonly fieldErrors?: readonly FieldError[];
  /** Number of all field errors when `fieldErrors` holds only the first ones. */
  readonly errorCount?: number;
  readonly provider?: ProviderWords;
  /** Another status than the code's: 408 for a request that came too slowly; the same may succeed when it comes faster. */
  readonly status?: 408;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An answer other than success that a caller should see: becomes an RFC 9457 problem document at the edge. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem';
  readonly fieldErrors: readonly FieldError[];
  readonly errorCount: number;
  readonly provider: ProviderWords | undefined;
  readonly status: number;
  readonly retryable: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.fieldErrors = options.fieldErrors ?? [];
    this.errorCount = options.errorCount ?? this.fieldErrors.length;
    this.provider = options.provider;
    this.status = options.status ?? problemCodes[code].status;
    this.retryable = options.status === 408 || problemCodes[code].retryable;
    this.headers = options.headers ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** How many field errors a problem document lists; the rest is only counted. */
export const MAX_LISTED_FIELD_ERRORS = 100;

/** Collects field errors without growing with the size of a hostile body. */
export class FieldErrors {
  private readonly listed: FieldError[] = [];
  private total = 0;

  add(pointer: string, code: FieldErrorCode, detail: string, line?: number): void {
    this.total += 1;
    if (this.listed.length >= MAX_LISTED_FIELD_ERRORS) return;
    this.listed.push(line === undefined ? { pointer, code, detail } : { pointer, code, detail, line });
  }

  get count(): number {
    return this.total;
  }

  /** The errors that are listed, in the order in which they were found. */
  get all(): readonly FieldError[] {
    return this.listed;
  }

  /** @throws GatewayProblem `validation_failed` when anything was added. */
  throwIfAny(): void {
    if (this.total === 0) return;
    const first = this.listed[0];
    const rest = this.total > 1 ? ` (and ${this.total - 1} more)` : '';
    throw new GatewayProblem('validation_failed', `${first?.pointer || '/'}: ${first?.detail}${rest}`, {
      fieldErrors: this.listed,
      errorCount: this.total,
    });
  }
}

/** Escapes one segment of a JSON pointer (RFC 6901). */
export const pointerSegment = (name: string | number): string =>
  String(name).replaceAll('~', '~0').replaceAll('/', '~1');
