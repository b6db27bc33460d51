import type { ProviderAccount } from '@gateway/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../shared/show/facts';
import { Status } from '../../shared/status';
import { Ago, Time } from '../../shared/time';
import { HealthStatus } from './health-status';
import type { Health } from './queries';
import { words } from './words';

/** How an account is: the sentences that explain what its mail does now. */
export function HealthFacts({ account }: { readonly account: ProviderAccount }): ReactNode {
  const { t } = useTranslation();
  const health: Health = account.health;
  const { breaker } = health;
  return (
    <Facts
      rows={[
        [t('accounts.state'), <Held key="state" health={health} />],
        [
          t('accounts.breaker'),
          <span key="breaker" className="row">
            <Status status={breaker.state} />
            {breaker.reason !== null && t(`accounts.breakerReasons.${breaker.reason}`)}
            {breaker.until !== null && (
              <>
                {t('accounts.until')} <Time at={breaker.until} />
              </>
            )}
          </span>,
        ],
        [t('accounts.quota'), <QuotaOf key="quota" quota={account.quota} />],
        [t('accounts.lastSuccess'), <Ago key="success" at={health.lastSuccessAt} />],
        [
          t('accounts.lastFailure'),
          <span key="failure" className="row">
            <Ago at={health.lastFailureAt} /> {health.lastFailure}
          </span>,
        ],
        [t('accounts.kind'), `${account.kind} ${account.version}`],
      ]}
    />
  );
}

/** Who holds it back, since when, and why. */
function Held({ health }: { readonly health: Health }): ReactNode {
  const { t } = useTranslation();
  const who = health.pausedBy === null ? '' : t(`accounts.pausedBy.${health.pausedBy}`);
  const reason = health.pauseReason ?? health.drainReason;
  return (
    <span className="row">
      <HealthStatus health={health} />
      {who} {reason}
      {health.pausedByKey !== null && <code>{health.pausedByKey}</code>}
      {health.drainedAt && <Ago at={health.drainedAt} />}
    </span>
  );
}

export function QuotaOf({ quota }: { readonly quota: ProviderAccount['quota'] }): ReactNode {
  const { t } = useTranslation();
  const used = quota.used.toLocaleString();
  const per = t(`accounts.per.${quota.per}`);
  if (quota.recipients === null) return t('accounts.quotaNone', { used, per });
  return t('accounts.quotaUsed', { used, all: quota.recipients.toLocaleString(), per });
}

const isKnownLimit = (name: string): name is keyof typeof words.ko.limits => name in words.ko.limits;

/** What the account can do and how much at once, as a message is checked against it. */
export function Abilities({ account }: { readonly account: ProviderAccount }): ReactNode {
  const { t } = useTranslation();
  const { capabilities, limits } = account;
  const limitWord = (name: string): string => (isKnownLimit(name) ? t(`accounts.limits.${name}`) : name);
  const flags = ['customHeaders', 'unsubscribeUrl', 'openTracking', 'findByMarker'] as const;
  return (
    <Facts
      rows={[
        [t('accounts.doubt'), t(`accounts.doubts.${capabilities.doubt}`)],
        [t('accounts.tracking'), capabilities.tracking.map((way) => t(`accounts.trackings.${way}`)).join(', ')],
        ...flags.map((flag) => [t(`accounts.can.${flag}`), <Can key={flag} does={capabilities[flag]} />] as const),
        [t('accounts.audience'), t(`accounts.audiences.${capabilities.audience.state}`)],
        ...Object.entries(limits).map(([name, value]) => [limitWord(name), value.toLocaleString()] as const),
      ]}
    />
  );
}

function Can({ does }: { readonly does: boolean }): ReactNode {
  const { t } = useTranslation();
  return <span className={does ? undefined : 'dim'}>{does ? t('accounts.yes') : t('accounts.no')}</span>;
}
