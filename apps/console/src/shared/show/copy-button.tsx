import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const BACK_MS = 1500;

/** Copies a text; says so for a moment. Without a clipboard, as on plain HTTP, it says that instead. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const { t } = useTranslation();
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setState(done ? 'copied' : 'refused');
    setTimeout(() => setState('ready'), BACK_MS);
  };
  const words = { ready: label ?? t('shared.copy'), copied: t('shared.copied'), refused: t('shared.copyRefused') };
  return (
    <Button variant="default" onClick={() => void copy()}>
      <span aria-live="polite">{words[state]}</span>
    </Button>
  );
}
