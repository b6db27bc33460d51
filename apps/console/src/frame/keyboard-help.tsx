import { Kbd, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = [
  ['j', 'j'],
  ['k', 'k'],
  ['Enter', 'enter'],
  ['Esc', 'esc'],
  ['/', 'slash'],
  ['z', 'zone'],
  ['Ctrl K', 'spotlight'],
  ['?', 'help'],
] as const;

export function KeyboardHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('frame.help')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <table>
        <tbody>
          {KEYS.map(([key, word]) => (
            <tr key={key}>
              <th scope="row" style={{ textAlign: 'left', padding: '3px 16px 3px 0' }}>
                <Kbd size="xs">{key}</Kbd>
              </th>
              <td>{t(`frame.keys.${word}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
