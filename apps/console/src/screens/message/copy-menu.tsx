import { Button, Menu } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { revealedOf, sealsOf } from '../../gateway/revealed';
import { asCode, asCurl, asRequest } from './as-request';
import type { MessageDetail } from './queries';

const SHOWN_MS = 2000;
const PLACEHOLDER = 'RECIPIENT';

/** The message as something to paste: into a shell, a ticket or a program. */
export function CopyMenu({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = async (make: () => string | Promise<string>): Promise<void> => {
    await navigator.clipboard.writeText(await make());
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  const request = async () => {
    const { data } = await gateway.messages.recipients(message.id, { limit: 1 });
    // A masked address reaches no one. A request with the placeholder is refused until it is replaced.
    const addresses = sealsOf(data).map((sealed) => revealedOf(sealed) ?? PLACEHOLDER);
    return asRequest(message, addresses);
  };
  return (
    <Menu transitionProps={{ duration: 0 }} position="bottom-end">
      <Menu.Target>
        <Button variant="default">{isCopied ? t('shared.copied') : t('message.copy')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void copy(() => message.id)}>{t('message.copyId')}</Menu.Item>
        <Menu.Item onClick={() => void copy(async () => asCurl(await request()))}>{t('message.copyCurl')}</Menu.Item>
        <Menu.Item onClick={() => void copy(() => JSON.stringify(message, null, 2))}>{t('message.copyJson')}</Menu.Item>
        <Menu.Item onClick={() => void copy(async () => asCode(await request()))}>{t('message.copyCode')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
