import type { SensSettings } from './settings.js';

/** Shapes of sens.md §1.4: A of the mail service, B common to all of SENS, C of the API gateway; `empty`: no body. */
export type ErrorShape = 'service' | 'common' | 'gateway' | 'empty';

export interface SensRefusal {
  readonly status: number;
  readonly shape: ErrorShape;
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  /** The field that is bad, in shape A. */
  readonly field?: string;
}

/** A refusal in SENS's words. `reason` is for the simulator's record; the vendor does not tell it. */
export class SensError extends Error {
  constructor(readonly refusal: SensRefusal) {
    super(refusal.message);
  }

  /** The body, `undefined` for none. */
  body(settings: SensSettings): object | undefined {
    const { status, shape, code, message } = this.refusal;
    switch (shape) {
      case 'service':
        return { error: { errorCode: code, message, detail: null, ...this.fieldErrors(settings) } };
      case 'common':
        return settings.commonErrorNames === 'error'
          ? { status, error: code, message }
          : { status, errors: code, errorMessage: message };
      case 'gateway':
        return { error: { errorCode: code, message } };
      case 'empty':
        return undefined;
    }
  }

  private fieldErrors({ fieldErrors: form }: SensSettings): object {
    const { field, reason } = this.refusal;
    if (form === 'absent') return {};
    if (field === undefined) return { fieldErrors: [] };
    const entry = { field, message: reason, ...(form === 'with-value' && { value: null }) };
    return { fieldErrors: [form === 'texts' ? `${field}: ${reason}` : entry] };
  }
}

/** @param path of the field that is bad. */
export const invalid = (field: string, reason: string): SensError =>
  new SensError({
    status: 400,
    shape: 'service',
    code: 'InvalidParameter',
    message: 'Invalid parameter.',
    reason,
    field,
  });

export const serviceError = (status: number, code: string, message: string, reason = message): SensError =>
  new SensError({ status, shape: 'service', code, message, reason });

export const commonError = (status: number, code: string, reason: string): SensError =>
  new SensError({ status, shape: 'common', code, message: code, reason });

export const gatewayError = (status: number, code: string, message: string, reason = message): SensError =>
  new SensError({ status, shape: 'gateway', code, message, reason });

export const unauthenticated = (reason: string): SensError => gatewayError(401, '200', 'Authentication Failed', reason);

/** A request or mail that does not exist (§3, §5, §6). */
export const notFound = (reason: string, { notFound: shape }: SensSettings): SensError =>
  new SensError({ status: 404, shape, code: 'NotFound', message: 'Resource not found.', reason });

/** Over quota: neither the number nor the answer is known (§2.1). */
export const quotaError = (style: 'service' | 'gateway'): SensError =>
  style === 'gateway'
    ? gatewayError(429, '400', 'Quota Exceeded')
    : serviceError(400, 'QuotaExceeded', 'The monthly quota is used up.');
