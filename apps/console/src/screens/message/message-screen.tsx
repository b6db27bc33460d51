import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function MessageScreen(): ReactNode {
  const { t } = useTranslation();
  return <h1>{t('message.title')}</h1>;
}
