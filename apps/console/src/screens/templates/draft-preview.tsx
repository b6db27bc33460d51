import type { NewMessage } from '@gateway/client';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../../gateway/accounts';
import { useMay } from '../../gateway/use-session';
import { MailFrame } from '../../shared/show/mail-frame';
import { Empty, Loaded } from '../../shared/states';
import { EXAMPLE, mailPreviewQuery } from './queries';
import type { Values } from './template-fields';
import classes from './templates.module.css';
import { VendorForms } from './vendor-forms';

const SETTLES_MS = 500;
const PLACEHOLDER = /\{\{\{?\s*([^{}\s]+)\s*\}?\}\}/g;
/** Filled in by the gateway. */
const OWN = new Set(['unsubscribe', 'unsubscribeUrl']);

/** What is typed as a mail, in which each variable has its own name as its value. */
function mailOf({ from, subject, html, text }: Values): NewMessage | undefined {
  if (subject.trim() === '' || (html.trim() === '' && text.trim() === '')) return undefined;
  const names = [...`${subject} ${html} ${text}`.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const variables = Object.fromEntries(names.filter((name) => !OWN.has(name)).map((name) => [name, name]));
  return {
    from: from.trim() === '' ? 'no-reply@example.com' : from.trim(),
    to: EXAMPLE,
    subject,
    variables,
    ...(html.trim() !== '' && { html }),
    ...(text.trim() !== '' && { text }),
    // The unsubscribe link belongs to advertisements.
    ...(names.some((name) => OWN.has(name)) && { category: 'marketing' as const }),
  };
}

/** A template that is not stored yet: as recipients see it, and beside it as each vendor would get it. */
export function DraftPreview({ values }: { readonly values: Values }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [settled] = useDebouncedValue(values, SETTLES_MS);
  const mail = mailOf(settled);
  const byGateway = may('messages:write') && may('providers');
  if (mail === undefined || !byGateway) {
    return (
      <section className="panel">
        <h2>{t('templates.preview')}</h2>
        {mail === undefined ? (
          <Empty>{t('templates.previewEmpty')}</Empty>
        ) : (
          <div className="padded">
            <MailFrame html={settled.html} title={t('templates.preview')} />
          </div>
        )}
      </section>
    );
  }
  return (
    <div className={`stack ${classes.side}`}>
      <AsSeen mail={mail} />
      <VendorForms mail={mail} />
    </div>
  );
}

function AsSeen({ mail }: { readonly mail: NewMessage }): ReactNode {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery);
  const account = accounts.data?.[0]?.name;
  const preview = useQuery({ ...mailPreviewQuery(mail, account ?? 'auto'), enabled: account !== undefined });
  return (
    <section className="panel">
      <h2>{t('templates.preview')}</h2>
      <div className="padded">
        <Loaded query={preview}>
          {({ rendered }) => (
            <div className="stack">
              <p>
                <span className="dim">{t('templates.subject')}</span> <strong>{rendered?.subject}</strong>
              </p>
              <MailFrame html={rendered?.html ?? ''} title={t('templates.preview')} />
            </div>
          )}
        </Loaded>
      </div>
    </section>
  );
}
