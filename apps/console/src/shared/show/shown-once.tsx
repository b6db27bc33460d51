import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button';
import classes from './show.module.css';

/** A secret that no later answer has. Only its button closes it, so that a slip does not lose it. */
export function ShownOnce(props: {
  readonly title: string;
  readonly secret: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { title, secret, onClose, children } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened
      title={title}
      onClose={onClose}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <div className="stack">
        {children}
        <div className="row">
          <code className={classes.secret}>{secret}</code>
          <CopyButton text={secret} />
        </div>
        <p className="tone-doubt">{t('shared.onceOnly')}</p>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose} data-autofocus>
            {t('shared.onceStored')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
