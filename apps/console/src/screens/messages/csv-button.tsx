import { Button } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { csvLine, saveCsv } from '../../shared/csv';
import type { MessageFilter, Row } from './queries';

const PAGE = 1000;
/** Rows; about 30 MB, which a browser holds without trouble. */
const MOST = 200_000;

const HEAD = ['id', 'createdAt', 'status', 'category', 'account', 'from', 'subject', 'to', 'recipientCount'];
const COUNTS = [
  'delivered',
  'sent',
  'bounced',
  'failed',
  'rejected',
  'expired',
  'suppressed',
  'cancelled',
  'unconfirmed',
];

const cellsOf = (row: Row): readonly unknown[] => [
  row.id,
  row.createdAt,
  row.status,
  row.category,
  (row.routing as { provider?: string }).provider,
  row.from.address,
  row.subject,
  row.to,
  row.recipientCount,
  ...COUNTS.map((status) => row.counts[status as keyof typeof row.counts]),
  row.tags.join(' '),
  row.metadata,
];

/** Reads page after page, so the gateway holds no file; it can be stopped, and keeps what it has. */
export function CsvButton({
  filter,
  disabled,
}: {
  readonly filter: MessageFilter;
  readonly disabled: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const [rows, setRows] = useState<number>();
  const [isCapped, setCapped] = useState(false);
  const stopped = useRef(false);
  const download = async (): Promise<void> => {
    stopped.current = false;
    setCapped(false);
    const lines = [csvLine([...HEAD, ...COUNTS, 'tags', 'metadata'])];
    try {
      for await (const row of gateway.messages.list({ ...filter, limit: PAGE })) {
        lines.push(csvLine(cellsOf(row)));
        if (lines.length % PAGE === 0) setRows(lines.length);
        if (stopped.current) break;
        if (lines.length > MOST) {
          setCapped(true);
          break;
        }
      }
      saveCsv(`messages-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.csv`, lines);
    } finally {
      setRows(undefined);
    }
  };
  if (rows !== undefined) {
    return (
      <span className="row" role="status">
        {t('messages.csvRunning', { n: rows })}
        <Button variant="default" onClick={() => (stopped.current = true)}>
          {t('messages.csvStop')}
        </Button>
      </span>
    );
  }
  const start = (): void => {
    setRows(0);
    void download();
  };
  return (
    <span className="row">
      {isCapped && <span className="tone-doubt">{t('messages.csvCapped', { n: MOST.toLocaleString() })}</span>}
      <Button variant="default" disabled={disabled} onClick={start}>
        {t('messages.csv')}
      </Button>
    </span>
  );
}
