/** One event of an event stream. */
export interface Frame {
  /** Of this frame or one before it. */
  readonly id: string;
  /** Empty in a frame that only moves the cursor. */
  readonly data: string;
  readonly retryMs?: number;
}

/** An event is a few hundred bytes; what is longer than this is no event. */
const LONGEST = 1 << 24;

/** Takes an event stream in pieces of any size (HTML, "Server-sent events"). Comments are dropped. */
export class FrameParser {
  #rest = '';
  #id = '';
  #data: string[] = [];
  #fields = 0;
  #retryMs: number | undefined;

  /** @throws RangeError when a frame has no end */
  push(text: string): Frame[] {
    // A carriage return at the end may be half of a line break.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length + this.#data.join('').length > LONGEST) throw new RangeError('an event without an end');
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): Frame[] {
    if (line === '') return this.#dispatch();
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') this.#data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value);
    else return [];
    this.#fields += 1;
    return [];
  }

  #dispatch(): Frame[] {
    if (this.#fields === 0) return [];
    const retryMs = this.#retryMs;
    const frame = { id: this.#id, data: this.#data.join('\n'), ...(retryMs !== undefined && { retryMs }) };
    this.#data = [];
    this.#fields = 0;
    this.#retryMs = undefined;
    return [frame];
  }
}
