import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The types of events that an endpoint gets. */
export function Types({ of }: { readonly of: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  if (of.length === 0 || of.includes('*')) return t('webhooks.allEvents');
  return <code>{of.join(', ')}</code>;
}
