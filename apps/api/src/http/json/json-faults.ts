import {
  FieldErrors,
  GatewayProblem,
  boundedFieldError,
  pointerOf,
  type FieldError,
  type FieldErrorCode,
} from '@gateway/core';

type Path = readonly (string | number)[];

/** The faults of a JSON text, or of one of its entries. A member that is given twice makes it malformed (RFC 7493). */
class TextFaults extends FieldErrors {
  private repeated: FieldError | undefined;

  constructor(private readonly what: string) {
    super();
  }

  addRepeated(path: Path, line?: number): void {
    const error = { pointer: pointerOf(path), code: 'not_allowed', detail: 'is given more than once' } as const;
    this.repeated ??= boundedFieldError(line === undefined ? error : { ...error, line });
    this.add(error.pointer, error.code, error.detail, line);
  }

  get isMalformed(): boolean {
    return this.repeated !== undefined;
  }

  override throwIfAny(): void {
    if (this.repeated === undefined) return super.throwIfAny();
    const detail = `${this.what} gives the member ${this.repeated.pointer} more than once.`;
    throw new GatewayProblem('malformed_json', detail, { fieldErrors: [this.repeated] });
  }
}

const ofEntries = new WeakMap<object, FieldErrors>();

/** The faults in the text of one entry of a body, e.g. of a message in a batch; pointers are within the entry. */
export const faultsIn = (entry: unknown): FieldErrors | undefined =>
  typeof entry === 'object' && entry !== null ? ofEntries.get(entry) : undefined;

/**
 * Collects the faults of a JSON text before its meaning is checked. Where a body is a list of independent entries, the
 * faults of each are kept apart, so that one entry does not spoil the others.
 */
export class JsonFaults {
  readonly whole: TextFaults;
  private readonly byEntry = new Map<
    string,
    { readonly list: string; readonly i: number; readonly errors: TextFaults }
  >();

  /**
   * @param what begins the sentence of an error, e.g. `The body`.
   * @param entryLists names of lists in the outermost object whose elements are accepted or refused one by one
   */
  constructor(
    what: string,
    private readonly entryLists: readonly string[] = [],
    private readonly line?: number,
  ) {
    this.whole = new TextFaults(what);
  }

  readonly add = (path: (depth?: number) => Path, code: FieldErrorCode, detail: string): void => {
    const entry = this.entryOf(path);
    const errors = entry ?? this.whole;
    if (errors.isFull) errors.addUnlisted(1);
    else errors.addAt(entry === undefined ? path() : path().slice(2), code, detail, this.line);
  };

  /** The member at `path` was given before. */
  readonly addRepeated = (path: (depth?: number) => Path): void => {
    const entry = this.entryOf(path);
    const errors = entry ?? this.whole;
    if (errors.isFull && errors.isMalformed) errors.addUnlisted(1);
    else errors.addRepeated(entry === undefined ? path() : path().slice(2), this.line);
  };

  /** Leaves the faults of entries with the entries, and throws the others. @throws GatewayProblem `validation_failed` */
  settle(value: unknown): void {
    for (const { list, i, errors } of this.byEntry.values()) {
      const entry = (value as Readonly<Record<string, readonly unknown[] | undefined>>)[list]?.[i];
      if (typeof entry === 'object' && entry !== null) ofEntries.set(entry, errors);
    }
    this.whole.throwIfAny();
  }

  private entryOf(path: (depth?: number) => Path): TextFaults | undefined {
    return this.entryLists.length === 0 ? undefined : this.entryAt(path(2));
  }

  private entryAt([list, i]: Path): TextFaults | undefined {
    if (typeof list !== 'string' || typeof i !== 'number' || !this.entryLists.includes(list)) return undefined;
    const key = `${list}/${i}`;
    const known = this.byEntry.get(key);
    if (known !== undefined) return known.errors;
    const errors = new TextFaults('The entry');
    this.byEntry.set(key, { list, i, errors });
    return errors;
  }
}
