import { Radio, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';

/** The gateway's own limit of one call. */
const MOST = 1000;

/** One address a line; commas and semicolons separate, too, as they come out of spreadsheets. */
const addressesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
];

export function AddSuppressions({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [scope, setScope] = useState<'marketing' | 'all'>('marketing');
  const [reason, setReason] = useState('');
  const addresses = addressesOf(text);
  const given = reason.trim();
  return (
    <Confirm
      title={t('suppressions.addTitle')}
      verb={t('suppressions.addVerb', { n: addresses.length })}
      ready={addresses.length > 0 && addresses.length <= MOST}
      act={() => gateway.suppressions.add({ addresses, scope, ...(given !== '' && { reason: given }) })}
      onClose={onClose}
    >
      <Textarea
        label={t('suppressions.addresses')}
        description={t('suppressions.addressesHint', { most: MOST.toLocaleString() })}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={10}
        data-autofocus
        error={addresses.length > MOST && t('suppressions.tooMany', { n: addresses.length.toLocaleString() })}
      />
      <Radio.Group
        size="xs"
        label={t('suppressions.scope')}
        value={scope}
        onChange={(value) => setScope(value === 'all' ? 'all' : 'marketing')}
      >
        <div className="stack" style={{ gap: 6, paddingTop: 6 }}>
          <Radio size="xs" value="marketing" label={t('suppressions.scopeHint.marketing')} />
          <Radio size="xs" value="all" label={t('suppressions.scopeHint.all')} />
        </div>
      </Radio.Group>
      <TextInput
        label={t('suppressions.reason')}
        description={t('suppressions.reasonHint')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  );
}
