import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function NowScreen(): ReactNode {
  const { t } = useTranslation();
  return <h1>{t('now.title')}</h1>;
}
