/** The parts of a refusal. */
export interface NcpRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly source: 'service' | 'gateway';
  readonly reason: string;
}

/** A refusal in NCP's words. `reason` is for the simulator's record; the vendor does not tell it. */
export class NcpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly source: 'service' | 'gateway';
  readonly reason: string;

  constructor(refusal: NcpRefusal) {
    super(refusal.message);
    this.status = refusal.status;
    this.code = refusal.code;
    this.source = refusal.source;
    this.reason = refusal.reason;
  }

  /** The body: `error.code` from the service (ncp.md §1.5), `error.errorCode` from the API gateway (§1.6). */
  body(withDetails = false): { error: Record<string, string> } {
    const name = this.source === 'service' ? 'code' : 'errorCode';
    const error = { [name]: this.code, message: this.message };
    return { error: withDetails ? { ...error, details: this.reason } : error };
  }
}

export const serviceError = (status: number, code: string, message: string, reason = message): NcpError =>
  new NcpError({ status, code, message, source: 'service', reason });

export const gatewayError = (status: number, code: string, message: string, reason = message): NcpError =>
  new NcpError({ status, code, message, source: 'gateway', reason });

/** All validation errors share one code (ncp.md §1.4). */
export const badRequest = (reason: string): NcpError => serviceError(400, '77102', 'BAD_REQUEST', reason);

/** Not found is HTTP 400, not 404 (ncp.md §1.4). */
export const notFound = (reason: string): NcpError => serviceError(400, '77103', 'Resource not found', reason);

export const unauthenticated = (reason: string): NcpError => gatewayError(401, '200', 'Authentication Failed', reason);
