import { Button, FileInput, Progress as Bar } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../gateway/use-session';
import { csvLine, saveCsv } from '../../../shared/csv';
import { DataTable } from '../../../shared/data-table';
import { Empty, Failure, Forbidden } from '../../../shared/states';
import { Shape } from '../../../shared/status';
import { KEY } from '../queries';
import { importFile, type Progress, type RowError } from './import-file';

const SHOWN = 100;

/** Contacts from a file, of any size. */
export function ImportScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (!may('audience')) return <Forbidden scope="audience" />;
  return (
    <div className="stack">
      <p>
        <Link to="/audience">← {t('audience.title')}</Link>
      </p>
      <h1>{t('audience.importTitle')}</h1>
      <p className="dim">{t('audience.importText')}</p>
      <Import />
    </div>
  );
}

function Import(): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [progress, setProgress] = useState<Progress>();
  const running = useRef<AbortController>(undefined);
  const work = useMutation({
    mutationFn: async (chosen: File) => {
      setProgress(undefined);
      running.current = new AbortController();
      await importFile(chosen, { signal: running.current.signal, onProgress: setProgress });
    },
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
  useEffect(() => () => running.current?.abort(), []);
  const isStopped = running.current?.signal.aborted === true;
  return (
    <section className="panel">
      <div className="row padded" style={{ alignItems: 'flex-end' }}>
        <FileInput
          size="xs"
          label={t('audience.file')}
          placeholder="contacts.csv"
          accept=".csv,.ndjson,.jsonl"
          value={file}
          onChange={setFile}
          disabled={work.isPending}
          w={320}
        />
        <Button disabled={file === null} loading={work.isPending} onClick={() => file && work.mutate(file)}>
          {t('audience.start')}
        </Button>
        {work.isPending && (
          <Button variant="default" onClick={() => running.current?.abort()}>
            {t('audience.stop')}
          </Button>
        )}
      </div>
      {file && progress && <Course file={file} progress={progress} state={work.status} />}
      {work.error &&
        (isStopped ? (
          <p className="padded tone-doubt">{t('audience.stopped')}</p>
        ) : (
          <Failure error={work.error} isAct />
        ))}
    </section>
  );
}

interface CourseProps {
  readonly file: File;
  readonly progress: Progress;
  readonly state: 'idle' | 'pending' | 'success' | 'error';
}

function Course({ file, progress, state }: CourseProps): ReactNode {
  const { t } = useTranslation();
  const { bytes, imported, updated, rejected, errors } = progress;
  const percent = file.size === 0 ? 100 : Math.floor((bytes / file.size) * 100);
  const save = (): void =>
    saveCsv(`${file.name}.errors.csv`, [
      csvLine(['line', 'pointer', 'code', 'detail', 'row']),
      ...errors.map(({ line, pointer, code, detail, row }) => csvLine([line, pointer, code, detail, row])),
    ]);
  return (
    <div className="stack padded">
      <Bar value={percent} aria-label={t('audience.progress')} />
      <p role="status" className="row">
        {state === 'success' && <Shape tone={rejected === 0 ? 'good' : 'doubt'} />}
        {t(state === 'success' ? 'audience.done' : 'audience.running', { percent })}{' '}
        {t('audience.counts', {
          imported: imported.toLocaleString(),
          updated: updated.toLocaleString(),
          rejected: rejected.toLocaleString(),
        })}
      </p>
      {rejected > 0 && (
        <>
          <div className="row">
            <Button variant="default" onClick={save}>
              {t('audience.saveErrors', { n: errors.length })}
            </Button>
            {rejected > errors.length && <span className="dim">{t('audience.notAll')}</span>}
          </div>
          <RowErrors errors={errors.slice(0, SHOWN)} />
        </>
      )}
    </div>
  );
}

function RowErrors({ errors }: { readonly errors: readonly RowError[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('audience.errors')}
      rows={errors}
      rowKey={({ line, pointer, code }) => `${line} ${pointer} ${code}`}
      empty={<Empty>{t('shared.none')}</Empty>}
      columns={[
        { key: 'line', title: t('audience.line'), numeric: true, cell: ({ line }) => line },
        { key: 'pointer', title: t('audience.field'), cell: ({ pointer }) => <code>{pointer}</code> },
        { key: 'detail', title: t('audience.detail'), cell: ({ detail }) => detail },
        { key: 'row', title: t('audience.row'), wide: true, cell: ({ row }) => <code>{row}</code> },
      ]}
    />
  );
}
