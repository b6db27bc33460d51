/**
 * Every error that a caller can get, by its stable `code` (docs/errors.md#problem-codes).
 * `retryable`: the same request may succeed later without changes.
 */
export const problemCodes = {
  unauthorized: { status: 401, title: 'A valid API key is needed', retryable: false },
  forbidden: { status: 403, title: 'The API key lacks the scope', retryable: false },
  sender_not_allowed: { status: 403, title: 'The API key may not send this way', retryable: false },
  not_found: { status: 404, title: 'No such resource', retryable: false },
  method_not_allowed: { status: 405, title: 'The resource does not take this method', retryable: false },
  nothing_to_cancel: { status: 409, title: 'Nothing was left to cancel', retryable: false },
  nothing_to_redrive: { status: 409, title: 'No recipient was left to redrive', retryable: false },
  not_empty: { status: 409, title: 'The resource is not empty', retryable: false },
  version_conflict: { status: 409, title: 'The resource is not in the expected state or version', retryable: false },
  idempotency_in_flight: { status: 409, title: 'The first request with this key is still running', retryable: true },
  message_erased: { status: 409, title: 'The message was erased', retryable: false },
  endpoint_paused: { status: 409, title: 'The webhook endpoint is paused', retryable: false },
  request_timeout: { status: 408, title: 'The request took too long', retryable: true },
  body_too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The media type is not supported', retryable: false },
  malformed_json: { status: 400, title: 'The request is malformed', retryable: false },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key is malformed', retryable: false },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request', retryable: false },
  validation_failed: { status: 422, title: 'The request has invalid fields', retryable: false },
  target_forbidden: { status: 422, title: 'This target is not allowed', retryable: false },
  unsupported_by_provider: { status: 422, title: 'No provider account can send this', retryable: false },
  provider_retired: { status: 422, title: 'The provider has ended this service', retryable: false },
  quota_exceeded: { status: 429, title: 'The provider quota is used up', retryable: true },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  overloaded: { status: 503, title: 'The gateway cannot take this now', retryable: true },
  webhooks_not_configured: { status: 503, title: 'Webhooks are not configured', retryable: false },
  internal_error: { status: 500, title: 'The gateway failed', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ProblemCode = keyof typeof problemCodes;

/** Codes of single field errors (docs/errors.md#field-codes). */
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

/** Longest pointer of a field error, in characters: enough to find the place, whatever the caller's names are. */
const LONGEST_POINTER = 200;
/** Longest explanation. The longest of ours lists about twenty names. */
const LONGEST_DETAIL = 300;

/** Cuts a text that may hold what a caller wrote, with a visible mark. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Half of a surrogate pair is no character, and half of an escape no part of a pointer.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff~]$/, '')}…`;
}

/** The error with its pointer and detail no longer than they are shown. */
export const boundedFieldError = (error: FieldError): FieldError => ({
  ...error,
  pointer: shortened(error.pointer, LONGEST_POINTER),
  detail: shortened(error.detail, LONGEST_DETAIL),
});

/** The names and numbers that lead to a value, from the outside in. */
export type FieldPath = readonly PropertyKey[];

/** Collects field errors without growing with the size of a hostile body, or with the length of its names. */
export class FieldErrors {
  private readonly listed: FieldError[] = [];
  private total = 0;

  add(pointer: string, code: FieldErrorCode, detail: string, line?: number): void {
    this.total += 1;
    if (this.isFull) return;
    const error = boundedFieldError({ pointer, code, detail });
    this.listed.push(line === undefined ? error : { ...error, line });
  }

  /** The same where the pointer is not written yet: it is written for listed errors only. */
  addAt(path: FieldPath, code: FieldErrorCode, detail: string, line?: number): void {
    if (this.isFull) this.total += 1;
    else this.add(pointerOf(path), code, detail, line);
  }

  /** Counts errors that would not be listed any more. Call it only when `isFull`. */
  addUnlisted(count: number): void {
    this.total += count;
  }

  /** Adds what another has collected, below a pointer. */
  addAll(others: FieldErrors, pointer = '', line?: number): void {
    for (const error of others.all) this.add(pointer + error.pointer, error.code, error.detail, error.line ?? line);
    this.total += others.count - others.all.length;
  }

  /** Are as many listed as ever will be? Then there is no need to write pointers for more. */
  get isFull(): boolean {
    return this.listed.length >= MAX_LISTED_FIELD_ERRORS;
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

/**
 * Writes a path as a JSON pointer, no longer than a pointer is shown. A name may be half a megabyte long, so it is cut
 * before it is escaped.
 */
export function pointerOf(path: FieldPath): string {
  let pointer = '';
  for (const name of path) {
    const part = String(name);
    pointer += `/${pointerSegment(part.slice(0, LONGEST_POINTER + 1))}`;
    if (pointer.length > LONGEST_POINTER) return shortened(pointer, LONGEST_POINTER);
  }
  return pointer;
}
