import { isUtf8 } from 'node:buffer';
import { GatewayProblem } from '@gateway/core';
import { isExactNumber } from './exact-number.js';
import type { JsonFaults } from './json-faults.js';
import { MemberNames, hashOf } from './member-names.js';

const [QUOTE, BACKSLASH, COMMA, MINUS, POINT] = [0x22, 0x5c, 0x2c, 0x2d, 0x2e];
const [ZERO, NINE, UPPER_E, LOWER_E, LOWER_N] = [0x30, 0x39, 0x45, 0x65, 0x6e];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;

/** Brackets within brackets. An audience of the deepest kind needs twenty; beyond some thousands, writers overflow. */
export const MAX_DEPTH = 64;
/** A number with fewer characters and without exponent has at most 15 digits: a double keeps every one of those. */
const SUSPICIOUS_LENGTH = 16;
/** Values that are parsed in one turn: in some thirty milliseconds. Lists of the outermost object come in pages. */
const MAX_VALUES = 300_000;
/** Of the name of a member, in bytes: more than is shown of it. */
const LONGEST_KEY = 600;
/** Far longer than any number that a double keeps. */
const LONGEST_NUMBER = 1100;

/** A list directly in the outermost object: from its `[` to its `]`. */
export interface FoundList {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Commas between elements at which it can be cut into pages. */
  readonly cuts: readonly number[];
  /** Number of its elements, if it is valid JSON. */
  readonly count: number;
}

interface ScanOptions {
  /** How far apart the cuts of a list are, in bytes. */
  readonly pageBytes?: number;
}

/**
 * Looks through the bytes of a JSON text once, before anything is parsed: for values that are nested too deeply, numbers
 * that a double would change, members that are given twice, `null`, and lists that can be cut into pages. It follows nesting and strings only;
 * whether it is JSON shows when it is parsed. Its time and memory do not depend on what it meets.
 */
export class JsonScan {
  readonly lists: FoundList[] = [];
  hasNull = false;
  /** Too many between two places where it can be cut: parsing them would hold up others. */
  hasTooManyValues = false;
  /** Values that are nested too deeply, as pairs of first and last byte. They are to be blanked before parsing. */
  private readonly tooDeep: number[] = [];
  private depth = 0;
  private inString = false;
  private escaped = false;
  private isKey = false;
  /** Of the key that is being read. */
  private keyHash = 0;
  private keyEscaped = false;
  private readonly names: MemberNames;
  /** The last byte that was no white space. */
  private previous = 0;
  private numberFrom = -1;
  private suspicious = false;
  /** Of what each open bracket holds: the number of the element, or where the name of the member stands. */
  private readonly isObject: boolean[] = [];
  private readonly index: number[] = [];
  private readonly keyFrom: number[] = [];
  private readonly keyTo: number[] = [];
  private listFrom = -1;
  private pageFrom = 0;
  private commas = 0;
  private cuts: number[] = [];
  /** Members of the outermost object: the cuts between them do not shorten it. */
  private outerNames = 0;
  /** Since the last place where the text can be cut. */
  private values = 0;

  constructor(
    private readonly body: Buffer,
    private readonly faults: Pick<JsonFaults, 'add' | 'addRepeated'>,
    private readonly options: ScanOptions = {},
  ) {
    this.names = new MemberNames(body);
  }

  /** Looks at these bytes, which follow those that it has seen. */
  look(from: number, to: number): void {
    const { body } = this;
    for (let at = from; at < to; at += 1) {
      const byte = body[at] ?? 0;
      if (this.inString) this.inText(byte, at);
      else if (this.numberFrom >= 0 && isOfNumber(byte)) this.suspicious ||= byte === LOWER_E || byte === UPPER_E;
      else this.structure(byte, at);
    }
    if (to === body.length) this.end(to);
  }

  /**
   * Writes `0` in place of every value that is nested too deeply.
   * @param what begins the sentence of an error. @throws GatewayProblem `malformed_json` when such a value is not
   * UTF-8: its bytes are gone afterwards.
   */
  blank(what: string): void {
    if (this.tooDeep.length === 0) return;
    if (!isUtf8(this.body)) throw new GatewayProblem('malformed_json', `${what} is not valid UTF-8.`);
    for (let i = 0; i < this.tooDeep.length; i += 2) {
      const from = this.tooDeep[i] ?? 0;
      this.body.fill(SPACE, from, (this.tooDeep[i + 1] ?? this.body.length - 1) + 1);
      this.body[from] = ZERO;
    }
  }

  private end(to: number): void {
    if (this.numberFrom >= 0) this.endNumber(to);
    // Its bracket is never closed: what is left is no JSON either.
    if (this.tooDeep.length % 2 === 1) this.tooDeep.push(to - 1);
  }

  private inText(byte: number, at: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) [this.escaped, this.keyEscaped] = [true, true];
    else if (byte === QUOTE) {
      this.inString = false;
      if (this.isKey) this.endKey(at);
    } else if (this.isKey) this.keyHash = hashOf(this.keyHash, byte);
  }

  private endKey(at: number): void {
    const { depth, keyHash: hash, keyEscaped: escaped } = this;
    this.keyTo[depth] = at;
    if (depth === 1) this.outerNames += 1;
    if (this.outerNames === MAX_VALUES) this.tooManyValues();
    // A body with more is refused for that.
    if (this.hasTooManyValues) return;
    const from = (this.keyFrom[depth] ?? 0) + 1;
    if (this.names.add(depth, { from, to: at, hash, escaped })) this.faults.addRepeated(this.path);
  }

  private structure(byte: number, at: number): void {
    if (this.numberFrom >= 0) this.endNumber(at);
    if (byte <= SPACE) return;
    if (byte === QUOTE) this.beginString(at);
    else if (byte === COMMA) this.comma(at);
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.open(byte, at);
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.close(at);
    else this.word(byte, at);
    this.previous = byte;
  }

  /** A number, or a letter of `true`, `false` and `null`; only the last has an `n`. */
  private word(byte: number, at: number): void {
    if (byte === LOWER_N) this.hasNull = true;
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) this.beginNumber(at);
  }

  private beginString(at: number): void {
    this.inString = true;
    const { depth } = this;
    this.isKey =
      depth <= MAX_DEPTH && this.isObject[depth] === true && (this.previous === OPEN_BRACE || this.previous === COMMA);
    if (this.isKey) {
      this.keyFrom[depth] = at;
      [this.keyHash, this.keyEscaped] = [0, false];
    }
  }

  private beginNumber(at: number): void {
    this.numberFrom = at;
    this.suspicious = false;
  }

  private endNumber(to: number): void {
    const from = this.numberFrom;
    this.numberFrom = -1;
    if (this.depth > MAX_DEPTH || (to - from < SUSPICIOUS_LENGTH && !this.suspicious)) return;
    const isExact = to - from <= LONGEST_NUMBER && isExactNumber(this.body.toString('latin1', from, to));
    if (!isExact) this.faults.add(this.path, 'not_allowed', 'is a number that cannot be kept exactly; send it as text');
  }

  private comma(at: number): void {
    if (this.depth > MAX_DEPTH) return;
    this.index[this.depth] = (this.index[this.depth] ?? 0) + 1;
    this.values += 1;
    if (this.values === MAX_VALUES) this.tooManyValues();
    if (this.depth !== 2 || this.listFrom < 0) return;
    this.commas += 1;
    if (at - this.pageFrom < (this.options.pageBytes ?? Infinity)) return;
    this.cuts.push(at);
    this.pageFrom = at;
    this.values = 0;
  }

  private open(byte: number, at: number): void {
    if (this.depth === MAX_DEPTH) {
      this.faults.add(this.path, 'too_many', `is nested deeper than ${MAX_DEPTH} levels`);
      this.tooDeep.push(at);
    }
    this.depth += 1;
    if (this.depth > MAX_DEPTH) return;
    this.isObject[this.depth] = byte === OPEN_BRACE;
    this.index[this.depth] = 0;
    this.names.open(this.depth);
    // So that a value without a name is not shown under the one of an earlier object.
    [this.keyFrom[this.depth], this.keyTo[this.depth]] = [at, at];
    if (this.depth === 2 && byte === OPEN_BRACKET && this.isObject[1] === true) this.openList(at);
  }

  private tooManyValues(): void {
    this.hasTooManyValues = true;
    this.faults.add(() => [], 'too_many', `has more than ${MAX_VALUES} values in one place`);
  }

  private openList(at: number): void {
    [this.listFrom, this.pageFrom] = [at, at];
    this.commas = 0;
    this.values = 0;
    this.cuts = [];
  }

  private close(at: number): void {
    if (this.depth === MAX_DEPTH + 1) this.tooDeep.push(at);
    if (this.depth === 2 && this.listFrom >= 0) {
      const { listFrom: from, cuts, commas } = this;
      if (this.body[at] === CLOSE_BRACKET) {
        this.lists.push({ name: this.keyAt(1), from, to: at, cuts, count: commas + 1 });
      }
      this.listFrom = -1;
      this.values = 0;
    }
    if (this.depth <= MAX_DEPTH) this.names.close(this.depth);
    if (this.depth > 0) this.depth -= 1;
  }

  /** Leads to the value that begins here. */
  private readonly path = (depth = Infinity): (string | number)[] => {
    const path: (string | number)[] = [];
    for (let at = 1; at <= this.depth && path.length < depth; at += 1) {
      path.push(this.isObject[at] === true ? this.keyAt(at) : (this.index[at] ?? 0));
    }
    return path;
  };

  private keyAt(depth: number): string {
    const [from, to] = [this.keyFrom[depth] ?? 0, this.keyTo[depth] ?? 0];
    const key = this.body.toString('utf8', from, Math.min(to + 1, from + LONGEST_KEY));
    try {
      return String(JSON.parse(key));
    } catch {
      return key;
    }
  }
}

/** Digits, signs, the point and exponents. */
const isOfNumber = (byte: number): boolean =>
  (byte >= ZERO && byte <= NINE) ||
  byte === POINT ||
  byte === MINUS ||
  byte === 0x2b ||
  byte === LOWER_E ||
  byte === UPPER_E;
