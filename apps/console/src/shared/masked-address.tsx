import { Button, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reveal, sealsOf, useRevealed, type Masked } from '../gateway/revealed';
import { useMay } from '../gateway/use-session';

/** @param of the row that has the address. @param at its place, where the row has several. */
interface Props {
  readonly address: string | null | undefined;
  readonly of: object;
  readonly at?: number;
}

/** As the gateway has masked it. Pressing reveals it, for those who may; the audit log has that. */
export function MaskedAddress({ address, of, at = 0 }: Props): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const sealed = [(of as Masked).sealed ?? []].flat()[at];
  const shown = useRevealed().get(sealed ?? '');
  const act = useMutation({ mutationFn: reveal });
  if (address === null || address === undefined) return <span className="dim">{t('shared.erased')}</span>;
  if (shown !== undefined) return <span className="nowrap">{shown}</span>;
  if (sealed === undefined || !may('audience')) return <span className="nowrap">{address}</span>;
  return (
    <UnstyledButton
      fz="inherit"
      title={act.error ? t('shared.revealFailed') : t('shared.revealHint')}
      aria-label={`${address}: ${t('shared.reveal')}`}
      className={act.error ? 'nowrap tone-bad' : 'nowrap'}
      style={{ textDecoration: 'underline dotted', textUnderlineOffset: 3 }}
      onClick={(event) => {
        event.stopPropagation();
        act.mutate([sealed]);
      }}
    >
      {address}
    </UnstyledButton>
  );
}

/** Reveals all addresses of the rows that are shown. Nothing for those who may not, and where nothing is masked. */
export function RevealAll({ rows }: { readonly rows: readonly object[] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const revealed = useRevealed();
  const act = useMutation({ mutationFn: reveal });
  const left = sealsOf(rows).filter((sealed) => !revealed.has(sealed));
  if (left.length === 0 || !may('audience')) return null;
  return (
    <span className="row">
      <Button
        size="compact-xs"
        variant="default"
        title={t('shared.revealHint')}
        loading={act.isPending}
        onClick={() => act.mutate(left)}
      >
        {t('shared.revealAll', { count: left.length })}
      </Button>
      {act.error && (
        <span role="alert" className="tone-bad">
          {t('shared.revealFailed')}
        </span>
      )}
    </span>
  );
}
