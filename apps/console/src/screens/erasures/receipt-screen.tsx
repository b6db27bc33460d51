import type { Erasure } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { saveFile } from '../../shared/save-file';
import { CopyButton } from '../../shared/show/copy-button';
import { Facts } from '../../shared/show/facts';
import { Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { exactTime, Time, useZone } from '../../shared/time';
import { ErasureCounts } from './erasure-counts';
import { erasureQuery } from './queries';

/** What was erased, what is left, and the hash that proves that the receipt is the gateway's. */
export function ReceiptScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id } = useParams({ from: '/erasures/$id' });
  const query = useQuery({ ...erasureQuery(id), enabled: may('admin') });
  if (!may('admin')) return <Forbidden scope="admin" />;
  return (
    <div className="stack">
      <p>
        <Link to="/erasures">← {t('erasures.back')}</Link>
      </p>
      <Loaded query={query}>{(erasure) => <Receipt erasure={erasure} />}</Loaded>
    </div>
  );
}

function Receipt({ erasure }: { readonly erasure: Erasure }): ReactNode {
  const { t } = useTranslation();
  const { id, pending } = erasure;
  const save = (): void => saveFile(`${id}.json`, 'application/json', [`${JSON.stringify(erasure, null, 2)}\n`]);
  return (
    <>
      <div className="row spread">
        <h1>{t('erasures.receipt')}</h1>
        <Button variant="default" onClick={save}>
          {t('erasures.download')}
        </Button>
      </div>
      <section className="panel padded" aria-live="polite">
        <Facts
          rows={[
            [t('erasures.status'), <Status key="status" status={erasure.status} />],
            [t('erasures.id'), <code key="id">{id}</code>],
            [t('erasures.reason'), erasure.reason ?? '–'],
            [t('erasures.addressCount'), erasure.addressCount.toLocaleString()],
            [t('erasures.requestedAt'), <Time key="requested" at={erasure.requestedAt} exact />],
            [t('erasures.requestedBy'), <code key="key">{erasure.requestedBy ?? '–'}</code>],
            [t('erasures.completedAt'), <Time key="completed" at={erasure.completedAt} exact />],
            [
              t('erasures.pending'),
              t(pending === 0 ? 'erasures.pendingHint.none' : 'erasures.pendingHint.some', {
                n: pending.toLocaleString(),
              }),
            ],
            [t('erasures.remaining'), <Remaining key="remaining" erasure={erasure} />],
            [t('erasures.sha256'), <Hash key="hash" sha256={erasure.sha256} />],
          ]}
        />
      </section>
      <section className="panel" style={{ maxWidth: 640 }}>
        <h2>{t('erasures.counts')}</h2>
        <ErasureCounts label={t('erasures.counts')} counts={erasure.counts} />
      </section>
    </>
  );
}

function Remaining({ erasure }: { readonly erasure: Erasure }): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  if (erasure.remaining.length === 0) return t('erasures.remainingNone');
  return (
    <ul style={{ margin: 0, paddingLeft: 16 }}>
      {erasure.remaining.map(({ provider, until }) => (
        <li key={provider}>
          {until === null
            ? t('erasures.remainingUnknown', { provider })
            : t('erasures.remainingUntil', { provider, until: exactTime(until, zone).slice(0, 16) })}
        </li>
      ))}
    </ul>
  );
}

function Hash({ sha256 }: { readonly sha256: string | null }): ReactNode {
  const { t } = useTranslation();
  if (sha256 === null) return <span className="dim">{t('erasures.sha256Later')}</span>;
  return (
    <>
      <span className="row">
        <code style={{ wordBreak: 'break-all' }}>{sha256}</code>
        <CopyButton text={sha256} />
      </span>
      <span className="dim">{t('erasures.sha256Hint')}</span>
    </>
  );
}
