import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../gateway/session';
import { useLookAt } from '../gateway/use-session';

/** An administrator of the gateway chooses whose messages, webhooks and templates are shown. */
export function ClientChoice({ session }: { readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const lookAt = useLookAt();
  if (session.clients.length < 2)
    return <span className="dim">{t('frame.signedInAs', { client: session.client })}</span>;
  return (
    <Select
      aria-label={t('frame.client')}
      title={t('frame.client')}
      data={[...session.clients]}
      value={session.client}
      onChange={(client) => client !== null && lookAt(client)}
      allowDeselect={false}
      searchable={session.clients.length > 10}
      w={130}
    />
  );
}
