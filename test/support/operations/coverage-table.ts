/** A call of a vendor as docs/coverage.md lists it. */
export interface Row {
  readonly name: string;
  /** `GET /files/{tempRequestId}` */
  readonly call: string;
  /** Routes, and what the worker does by itself. */
  readonly uses: readonly string[];
  readonly ports: readonly { readonly method: string; readonly caller: string }[];
  readonly test: { readonly file: string; readonly title: string };
}

interface Tables {
  /** Under its heading, which is the kind of the vendor. */
  of(kind: string): readonly Row[];
  readonly unused: readonly Pick<Row, 'name' | 'call'>[];
}

export function readTables(markdown: string): Tables {
  const cells = (heading: string): readonly (readonly string[])[] =>
    (markdown.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1)
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
      .map((row) => row.slice(1));
  return {
    of: (kind) => cells(kind).map(rowOf),
    unused: cells('Not used').map(([name = '', call = '']) => ({ name, call: codeIn(call) })),
  };
}

const codeIn = (cell: string): string => /`([^`]+)`/.exec(cell)?.[1] ?? '';

const rowOf = ([name = '', call = '', uses = '', ports = '', test = '']: readonly string[]): Row => ({
  name,
  call: codeIn(call),
  uses: uses.split(', ').map((use) => use.replaceAll('`', '')),
  ports: ports.split('<br>').map((port) => ({ method: codeIn(port), caller: linkIn(port) })),
  test: { file: linkIn(test), title: /“(.*)”/.exec(test)?.[1] ?? '' },
});

const linkIn = (cell: string): string => /\]\(\.\.\/([^)]+)\)/.exec(cell)?.[1] ?? '';
