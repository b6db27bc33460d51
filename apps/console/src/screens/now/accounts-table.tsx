import type { ProviderAccount, Workload } from '@gateway/client';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Shape, Status, type Tone } from '../../shared/status';
import { Ago, useSpan } from '../../shared/time';
import { followedOf, inFlightOf, unconfirmedOf, waitingOf, type Lane } from './lanes';
import type { AccountAct } from './account-acts';
import classes from './now.module.css';

interface Props {
  readonly accounts: readonly ProviderAccount[];
  readonly work: Workload;
  readonly onAct?: (act: AccountAct) => void;
}

/** One block an account, one row a lane. A zero is quiet, so that what is not zero stands out. */
export function AccountsTable({ accounts, work, onAct }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('now.accounts')}>
      <table className={classes.accounts} aria-label={t('now.accounts')}>
        <thead>
          <tr>
            <th scope="col">{t('now.account')}</th>
            <th scope="col">{t('now.lane')}</th>
            <th scope="col" className="number">
              {t('now.rate')}
            </th>
            <th scope="col" className="number">
              {t('now.waiting')}
            </th>
            <th scope="col">{t('now.why')}</th>
            <th scope="col" className="number">
              {t('now.oldestDue')}
            </th>
            <th scope="col" className="number">
              {t('now.inFlight')}
            </th>
            <th scope="col" className="number">
              {t('now.unconfirmed')}
            </th>
            <th scope="col" className="number">
              {t('now.followed')}
            </th>
          </tr>
        </thead>
        {work.accounts.map((each) => (
          <tbody key={each.name}>
            {each.lanes.map((lane, index) => (
              <tr key={lane.category}>
                {index === 0 && (
                  <th scope="rowgroup" rowSpan={each.lanes.length} className={classes.account}>
                    <AccountFacts
                      account={accounts.find(({ name }) => name === each.name)}
                      work={each}
                      {...(onAct && { onAct })}
                    />
                  </th>
                )}
                <LaneCells account={accounts.find(({ name }) => name === each.name)} work={each} lane={lane} />
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

type AccountWork = Workload['accounts'][number];

function AccountFacts(props: {
  readonly account: ProviderAccount | undefined;
  readonly work: AccountWork;
  readonly onAct?: Props['onAct'];
}): ReactNode {
  const { account, work, onAct } = props;
  const { t } = useTranslation();
  if (account === undefined) return work.name;
  const { health } = account;
  const verb = health.paused ? 'resume' : 'pause';
  return (
    <div className={classes.facts}>
      <div className="row spread">
        <strong>{account.name}</strong>
        <Status status={health.status} tone={TONES[health.status] ?? 'aside'} />
      </div>
      <dl className={classes.list}>
        <dt>{t('now.breaker')}</dt>
        <dd>
          <Status status={health.breaker.state} />
        </dd>
        <dt>{t('now.limit')}</dt>
        <dd>{useLimit(work)}</dd>
        <dt>{t('now.quota')}</dt>
        <dd>
          <Quota quota={account.quota} />
        </dd>
        <dt>{t('now.lastSuccess')}</dt>
        <dd>
          <Ago at={health.lastSuccessAt} />
        </dd>
      </dl>
      {onAct && (
        <div>
          <Button
            size="compact-xs"
            variant={verb === 'resume' ? 'filled' : 'default'}
            aria-label={`${t(`now.${verb}`)}: ${account.name}`}
            onClick={() => onAct({ verb, account: account.name })}
          >
            {t(`now.${verb}`)}
          </Button>
        </div>
      )}
    </div>
  );
}

const TONES: Readonly<Record<string, Tone>> = { ok: 'good', failing: 'bad', paused: 'doubt', unknown: 'aside' };

function useLimit({ limits }: AccountWork): string {
  const { t } = useTranslation();
  const { requestsPerSecond, recipientsPerSecond } = limits;
  const smaller = [requestsPerSecond, recipientsPerSecond].filter((n) => n !== null);
  return smaller.length === 0 ? t('now.noLimit') : t('now.perSecond', { n: Math.min(...smaller) });
}

function Quota({ quota }: { readonly quota: ProviderAccount['quota'] }): ReactNode {
  const { t } = useTranslation();
  const used = quota.used.toLocaleString();
  if (quota.recipients === null) return t('now.quotaNone', { used });
  const share = Math.min(1, quota.used / Math.max(1, quota.recipients));
  return (
    <span className={classes.quota}>
      <span className={classes.gauge} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} data-high={share >= 0.9} />
      </span>
      {t('now.quotaUsed', { used, all: quota.recipients.toLocaleString() })}
    </span>
  );
}

function LaneCells(props: {
  readonly account: ProviderAccount | undefined;
  readonly work: AccountWork;
  readonly lane: Lane;
}): ReactNode {
  const { account, work, lane } = props;
  const { t } = useTranslation();
  const span = useSpan();
  const waiting = waitingOf(lane);
  return (
    <>
      <th scope="row" className={classes.lane}>
        <Link to="/messages" search={{ q: `account:${work.name} category:${lane.category}` }}>
          {t(`shared.category.${lane.category}`)}
        </Link>
      </th>
      <td className="number">
        <Count n={lane.lastMinute.recipients} />
      </td>
      <td className="number">
        <Count n={waiting} tone="waiting" />
      </td>
      <td>{waiting > 0 && <Why account={account} work={work} lane={lane} />}</td>
      <td className="number">
        {lane.oldestDueSeconds >= 1 ? span(lane.oldestDueSeconds) : <span className={classes.zero}>–</span>}
      </td>
      <td className="number">
        <Count n={inFlightOf(lane)} />
      </td>
      <td className="number">
        <Count n={unconfirmedOf(lane)} tone="doubt" />
      </td>
      <td className="number">
        <Count n={followedOf(lane)} />
      </td>
    </>
  );
}

function Count({ n, tone }: { readonly n: number; readonly tone?: Tone }): ReactNode {
  if (n === 0) return <span className={classes.zero}>0</span>;
  return (
    <span className={tone && `tone-${tone} ${classes.marked}`}>
      {tone && <Shape tone={tone} />}
      {n.toLocaleString()}
    </span>
  );
}

/** A closed account says why for all of its mail; otherwise the reasons of what was put off. */
function Why(props: {
  readonly account: ProviderAccount | undefined;
  readonly work: AccountWork;
  readonly lane: Lane;
}): ReactNode {
  const { account, work, lane } = props;
  const { t } = useTranslation();
  const wordOf = (reason: string): string => (isKnown(reason) ? t(`now.reason.${reason}`) : reason);
  if (account?.health.paused) {
    return <span className="dim">{t('now.reason.paused', { reason: account.health.pauseReason ?? '–' })}</span>;
  }
  if (work.waiting !== null) {
    return (
      <span className="dim" title={work.waiting.detail}>
        {wordOf(work.waiting.reason)}
      </span>
    );
  }
  return (
    <span className="dim">
      {Object.entries(lane.reasons)
        .map(([reason, n]) => `${wordOf(reason)} ${n.toLocaleString()}`)
        .join(', ')}
    </span>
  );
}

const KNOWN = ['quota', 'throttled', 'provider_unavailable'] as const;
const isKnown = (reason: string): reason is (typeof KNOWN)[number] => KNOWN.some((known) => known === reason);
