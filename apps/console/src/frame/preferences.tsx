import { Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage } from '../i18n';

/** Named in the language that it changes to, so that it is found by those who cannot read the other one. */
export function LanguageButton(): ReactNode {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'ko' ? 'en' : 'ko';
  return (
    <Button variant="subtle" color="gray" c="var(--ink-dim)" lang={other} onClick={() => setLanguage(other)}>
      {t('frame.language')}
    </Button>
  );
}

export function ThemeButton(): ReactNode {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  return (
    <Button variant="subtle" color="gray" c="var(--ink-dim)" onClick={() => setColorScheme(other)}>
      {t(`frame.theme.${other}`)}
    </Button>
  );
}
