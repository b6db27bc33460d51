import type { NewMessage } from '@gateway/client';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../../gateway/accounts';
import { CodeBlock } from '../../shared/show/code-block';
import { Empty, Loaded } from '../../shared/states';
import { mailPreviewQuery } from './queries';

interface Props {
  readonly mail: NewMessage;
}

/** The same mail in the form of each vendor; what one cannot take is refused here as it would be when it is sent. */
export function VendorForms({ mail }: Props): ReactNode {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery);
  const names = (accounts.data ?? []).map(({ name }) => name);
  const [chosen, setChosen] = useState<string>();
  const account = chosen ?? names[0];
  return (
    <section className="panel">
      <h2>{t('templates.vendor')}</h2>
      <div className="stack padded">
        <Loaded query={accounts}>
          {() =>
            account === undefined ? (
              <Empty>{t('templates.noAccounts')}</Empty>
            ) : (
              <>
                <SegmentedControl
                  size="xs"
                  data={names}
                  value={account}
                  onChange={setChosen}
                  aria-label={t('templates.account')}
                />
                <VendorForm mail={mail} account={account} />
              </>
            )
          }
        </Loaded>
      </div>
    </section>
  );
}

function VendorForm(props: Props & { readonly account: string }): ReactNode {
  const { t } = useTranslation();
  const form = useQuery(mailPreviewQuery(props.mail, props.account));
  return (
    <Loaded query={form}>
      {({ requests }) => (
        <div className="stack">
          <p className="dim">{t('templates.vendorHint')}</p>
          {requests.map(({ operation, method, url, body }) => (
            <CodeBlock key={operation} label={`${method} ${url}`} text={JSON.stringify(body, null, 2)} />
          ))}
        </div>
      )}
    </Loaded>
  );
}
