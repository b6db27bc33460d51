/** `data` beside paging fields, or null (nhn.md §1.1). */
export type EnvelopeBody = Readonly<Record<string, unknown>> | null;

export interface Envelope {
  readonly header: { readonly isSuccessful: boolean; readonly resultCode: number; readonly resultMessage: string };
  readonly body: EnvelopeBody;
}

/** Success is code 0, or 1000 when only some receivers were good. Sends say `success`, reads `SUCCESS`. */
export const success = (body: EnvelopeBody, resultMessage = 'SUCCESS', resultCode = 0): Envelope => ({
  header: { isSuccessful: true, resultCode, resultMessage },
  body,
});

/** Some writes answer without any `body` member (nhn.md §1.1). */
export const headerOnly = (): Pick<Envelope, 'header'> => ({ header: success(null).header });

export const failure = (resultCode: number, resultMessage: string, body: EnvelopeBody = null): Envelope => ({
  header: { isSuccessful: false, resultCode, resultMessage },
  body,
});

/** A refusal in NHN's words. */
export class NhnError extends Error {
  constructor(
    readonly resultCode: number,
    message: string,
    readonly data: EnvelopeBody = null,
    /** Instead of the one that the settings give. */
    readonly status?: number,
  ) {
    super(message);
  }

  envelope(): Envelope {
    return failure(this.resultCode, this.message, this.data);
  }
}

const MAPPED_STATUS: ReadonlyMap<number, number> = new Map([
  [-1000, 401],
  [-1004, 401],
  [-1005, 403],
  [-2006, 404],
  [-2007, 404],
  [-2043, 429],
  [-9996, 415],
  [-9998, 404],
  [-9999, 500],
]);

/** HTTP status of a failure: not documented, 200 by default (nhn.md §2.3), a guess when `mapped`. */
export const httpStatusOf = (resultCode: number, mode: 'always-200' | 'mapped'): number =>
  mode === 'always-200' ? 200 : (MAPPED_STATUS.get(resultCode) ?? 400);
