import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useShortcuts } from '../frame/shortcuts';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Takes the room that is left, in as many lines as it needs. */
  readonly rest?: boolean;
  /** Takes the room that is left, and cuts its text. */
  readonly wide?: boolean;
}

interface Props<Row> {
  /** What the table lists, for those who do not see the heading above it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Opened with Enter or a click. With it the rows can be walked with j and k. */
  readonly onOpen?: (row: Row) => void;
  /** Shown instead of rows. */
  readonly empty: ReactNode;
}

/** A dense table. One row is the current one: `j` and `k` move it, Enter opens it. */
export function DataTable<Row>({ label, columns, rows, rowKey, onOpen, empty }: Props<Row>): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const walks = onOpen !== undefined;
  const move = (by: number): void => moveFocus(body.current, by);
  useShortcuts(walks ? { j: () => move(1), k: () => move(-1) } : {});
  useEffect(() => {
    if (walks) keepOneTabStop(body.current);
  }, [rows, walks]);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, title, numeric }) => (
              <th key={key} scope="col" className={numeric ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              {...(onOpen && {
                'data-opens': true,
                tabIndex: -1,
                onClick: () => void (isSelecting() || onOpen(row)),
                onKeyDown: (event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row);
                },
              })}
            >
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </div>
  );
}

const classOf = <Row,>({ numeric, wide, rest }: Column<Row>): string | undefined => {
  if (numeric === true) return 'number';
  if (wide === true) return classes.wide;
  return rest === true ? classes.rest : undefined;
};

const isSelecting = (): boolean => (getSelection()?.toString() ?? '') !== '';

const rowsOf = (body: HTMLElement | null): HTMLElement[] => [...(body?.querySelectorAll<HTMLElement>('tr') ?? [])];

function moveFocus(body: HTMLElement | null, by: number): void {
  const all = rowsOf(body);
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  for (const row of all) row.tabIndex = row === next ? 0 : -1;
  next?.focus();
}

/** Tab reaches the table once; j and k do the rest. */
function keepOneTabStop(body: HTMLElement | null): void {
  const all = rowsOf(body);
  if (all.every((row) => row.tabIndex !== 0) && all[0]) all[0].tabIndex = 0;
}
