import { UnstyledButton } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** `k…m@example.com`: enough to recognise an address, too little to copy it. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '…';
  const [first = '', ...rest] = address.slice(0, at);
  return `${first}…${rest.at(-1) ?? ''}${address.slice(at)}`;
}

/** Masked until it is pressed. @param address `null`: erased. */
export function MaskedAddress({ address }: { readonly address: string | null }): ReactNode {
  const [shown, setShown] = useState(false);
  const { t } = useTranslation();
  if (address === null) return <span className="dim">{t('shared.erased')}</span>;
  if (shown) return <span className="nowrap">{address}</span>;
  return (
    <UnstyledButton
      fz="inherit"
      title={t('shared.reveal')}
      aria-label={`${masked(address)}: ${t('shared.reveal')}`}
      style={{ textDecoration: 'underline dotted', textUnderlineOffset: 3, whiteSpace: 'nowrap' }}
      onClick={(event) => {
        event.stopPropagation();
        setShown(true);
      }}
    >
      {masked(address)}
    </UnstyledButton>
  );
}
