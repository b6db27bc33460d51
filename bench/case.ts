/** One line of the table: what the gateway does beside what the machine can do, measured in the same run. */
export interface Row {
  readonly what: string;
  readonly floor: string;
  readonly gateway: string;
  /** As the target is put: `0.62 ×`, `p99 3.1 × p50`. */
  readonly ratio: string;
  readonly target: string;
  readonly met: boolean;
  readonly note?: string;
}

export interface Effort {
  /** Fewer rows, one run: the whole table in some twenty-five minutes. */
  readonly quick: boolean;
  /** Measurements of each side; the median is reported. */
  readonly runs: number;
  readonly say: (line: string) => void;
  /** Markdown for a page other than that of the table, between its marks. */
  readonly page: (file: string, text: string) => void;
}

export interface Case {
  readonly name: string;
  readonly run: (effort: Effort) => Promise<readonly Row[]>;
}

export const perSecond = (n: number, seconds: number): string => `${Math.round(n / seconds).toLocaleString('en')}/s`;

/** A row whose ratio is gateway / floor, more is better. */
export const ratioRow = (
  row: Pick<Row, 'what' | 'floor' | 'gateway' | 'note'>,
  ratio: number,
  atLeast: number,
): Row => ({ ...row, ratio: `${ratio.toFixed(2)} ×`, target: `≥ ${atLeast} ×`, met: ratio >= atLeast });
