import { Checkbox, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { scopes, type Scope } from '../../gateway/session';
import { useMay } from '../../gateway/use-session';
import { Confirm } from '../../shared/confirm';
import { instantOf } from '../../shared/instant';
import { useZone } from '../../shared/time';

interface Props {
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((each) => each !== '');

/** Empty parts are left out: they are no limit. */
const limitsOf = (texts: Readonly<Record<'allowedIps' | 'allowedFrom' | 'allowedAccounts', string>>) =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, listOf(text)] as const])),
  );

const NOTHING = { name: '', client: '', expiresAt: '', allowedIps: '', allowedFrom: '', allowedAccounts: '' };

export function CreateKey({ onSecret, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const zone = useZone();
  const [texts, setTexts] = useState(NOTHING);
  const [chosen, setChosen] = useState<readonly Scope[]>(['messages:write', 'messages:read']);
  const [needsRelease, setNeedsRelease] = useState(false);
  const create = async (): Promise<void> => {
    const { name, client, expiresAt, ...limits } = texts;
    const { key } = await gateway.apiKeys.create({
      name: name.trim(),
      scopes: [...chosen],
      ...(client.trim() !== '' && { client: client.trim() }),
      ...(expiresAt.trim() !== '' && { expiresAt: instantOf(expiresAt, zone) }),
      ...limitsOf(limits),
      ...(needsRelease && { needsRelease }),
    });
    onSecret(key);
  };
  const field = (name: keyof typeof NOTHING) => ({
    label: t(`keys.${FIELDS[name]}`),
    value: texts[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      setTexts({ ...texts, [name]: event.currentTarget.value }),
  });
  return (
    <Confirm
      title={t('keys.createTitle')}
      verb={t('keys.createVerb')}
      ready={texts.name.trim() !== '' && chosen.length > 0}
      act={create}
      onClose={onClose}
    >
      <TextInput {...field('name')} placeholder={t('keys.nameHint')} maxLength={100} data-autofocus />
      <TextInput {...field('client')} description={t('keys.clientHint')} />
      <Checkbox.Group
        size="xs"
        label={t('keys.scopes')}
        value={[...chosen]}
        onChange={(value) => setChosen(scopes.filter((scope) => value.includes(scope)))}
      >
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: 6, paddingTop: 6 }}>
          {scopes.filter(may).map((scope) => (
            <Checkbox key={scope} value={scope} label={scope} />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput {...field('expiresAt')} description={t('keys.expiresHint')} placeholder="2027-11-30" />
      <TextInput {...field('allowedIps')} description={t('keys.anyHint')} placeholder="10.0.0.0/8" />
      <TextInput {...field('allowedFrom')} description={t('keys.anyHint')} placeholder="example.com" />
      <TextInput {...field('allowedAccounts')} description={t('keys.anyHint')} placeholder="ncp" />
      <Checkbox
        label={t('keys.needsRelease')}
        checked={needsRelease}
        onChange={(event) => setNeedsRelease(event.currentTarget.checked)}
      />
    </Confirm>
  );
}

const FIELDS = {
  name: 'name',
  client: 'client',
  expiresAt: 'expires',
  allowedIps: 'allowedIps',
  allowedFrom: 'allowedFrom',
  allowedAccounts: 'allowedAccounts',
} as const;
