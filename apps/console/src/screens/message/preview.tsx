import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../shared/states';
import classes from './message.module.css';
import type { MessageDetail } from './queries';

/** The frame may do nothing at all, and what the api serves to it forbids the same again. */
export function Preview({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  if (message.contentWithheld !== null) return <Empty>{t('message.textsWithheld')}</Empty>;
  if (message.html === null && message.text === null) return <Empty>{t('message.requestNone')}</Empty>;
  return (
    <>
      <p className="padded dim">{t('message.previewNote')}</p>
      <iframe
        className={classes.frame}
        title={t('message.previewTitle')}
        sandbox=""
        referrerPolicy="no-referrer"
        src={`/dashboard/preview/messages/${message.id}`}
      />
    </>
  );
}
