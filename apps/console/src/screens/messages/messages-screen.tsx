import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function MessagesScreen(): ReactNode {
  const { t } = useTranslation();
  return <h1>{t('messages.title')}</h1>;
}
