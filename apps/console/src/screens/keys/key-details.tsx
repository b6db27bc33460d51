import type { ApiKey } from '@gateway/client';
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../shared/show/facts';
import { Time } from '../../shared/time';
import { KeyState } from './key-state';

interface Props {
  readonly apiKey: ApiKey;
  readonly onAct: (verb: 'rotate' | 'revoke') => void;
  readonly onClose: () => void;
}

export function KeyDetails({ apiKey, onAct, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const { rateLimit } = apiKey;
  const any = t('keys.any');
  const listOf = (values: readonly string[]): string => (values.length === 0 ? any : values.join(', '));
  const limits = [
    rateLimit?.requestsPerSecond && t('keys.requests', { n: rateLimit.requestsPerSecond.toLocaleString() }),
    rateLimit?.recipientsPerSecond && t('keys.recipients', { n: rateLimit.recipientsPerSecond.toLocaleString() }),
  ].filter((text) => typeof text === 'string');
  return (
    <Modal opened onClose={onClose} title={apiKey.name} closeButtonProps={{ 'aria-label': t('shared.close') }}>
      <div className="stack">
        <Facts
          rows={[
            [t('keys.state'), <KeyState key="state" apiKey={apiKey} />],
            ['id', <code key="id">{apiKey.id}</code>],
            [t('keys.client'), apiKey.client],
            [t('keys.scopes'), <code key="scopes">{apiKey.scopes.join(', ')}</code>],
            [t('keys.lastUsed'), <Time key="used" at={apiKey.lastUsedAt} />],
            [t('keys.expires'), <Time key="expires" at={apiKey.expiresAt} />],
            [t('keys.allowedIps'), listOf(apiKey.allowedIps)],
            [t('keys.allowedFrom'), listOf(apiKey.allowedFrom)],
            [t('keys.allowedAccounts'), listOf(apiKey.allowedAccounts)],
            [t('keys.rate'), limits.length === 0 ? t('keys.noLimit') : limits.join(', ')],
            [t('keys.release'), apiKey.needsRelease ? t('keys.needsRelease') : t('keys.noRelease')],
            [t('keys.created'), <Time key="created" at={apiKey.createdAt} />],
            [t('keys.createdBy'), <code key="by">{apiKey.createdBy ?? t('keys.environment')}</code>],
            ...(apiKey.revokedAt === null
              ? []
              : [[t('keys.revoked'), <Time key="revoked" at={apiKey.revokedAt} />] as const]),
          ]}
        />
        {apiKey.revokedAt === null && (
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" onClick={() => onAct('rotate')}>
              {t('keys.rotate')}
            </Button>
            <Button color="red.8" onClick={() => onAct('revoke')}>
              {t('keys.revoke')}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}
