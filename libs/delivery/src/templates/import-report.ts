import { GatewayProblem, MAX_LISTED_FIELD_ERRORS, boundedFieldError, type FieldErrorCode } from '@gateway/core';

/** Why an entry was not taken, or what of it is not as it was. */
export interface ImportFault {
  /** Into what was sent, or into the provider's template. */
  readonly pointer: string;
  readonly code: FieldErrorCode;
  readonly detail: string;
  readonly name?: string;
  readonly providerTemplateId?: string;
}

/** The first faults, and how many there are. */
export interface ImportFaults {
  readonly listed: readonly ImportFault[];
  readonly count: number;
}

export interface ImportReport {
  /** New templates. */
  readonly imported: number;
  /** Templates that were there and are now as in what was imported. */
  readonly updated: number;
  /** Templates that were so already, or are left alone. */
  readonly skipped: number;
  /** The first ones. */
  readonly errors: readonly ImportFault[];
  readonly errorCount: number;
}

/** The subject of a fault. */
export type ImportPlace = Pick<ImportFault, 'pointer' | 'name' | 'providerTemplateId'>;

/** `uncounted`: no template. */
export type Imported = 'imported' | 'updated' | 'skipped' | 'uncounted';

/** Counts what became of the entries of an import. */
export class ImportTally {
  private readonly counts = { imported: 0, updated: 0, skipped: 0 };
  private readonly faults: ImportFault[] = [];
  private faultCount = 0;

  count(what: Imported): void {
    if (what !== 'uncounted') this.counts[what] += 1;
  }

  fail(...faults: readonly ImportFault[]): void {
    this.failAll({ listed: faults, count: faults.length });
  }

  failAll({ listed, count }: ImportFaults): void {
    this.faultCount += count;
    const room = MAX_LISTED_FIELD_ERRORS - this.faults.length;
    this.faults.push(...listed.slice(0, room).map((fault) => ({ ...fault, ...boundedFieldError(fault) })));
  }

  /** Runs the import of one entry; its faults are reported and do not affect other entries. */
  async entry(place: ImportPlace, work: () => Promise<Imported>): Promise<void> {
    try {
      this.count(await work());
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      this.fail(...faultsOf(error).map((fault) => ({ ...place, ...fault, pointer: place.pointer + fault.pointer })));
    }
  }

  get report(): ImportReport {
    return { ...this.counts, errors: this.faults, errorCount: this.faultCount };
  }
}

const faultsOf = ({ fieldErrors, detail }: GatewayProblem): readonly ImportFault[] =>
  fieldErrors.length > 0 ? fieldErrors : [{ pointer: '', code: 'not_allowed', detail }];
