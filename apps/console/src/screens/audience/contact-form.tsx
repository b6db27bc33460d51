import type { Contact } from '@gateway/client';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { reveal, revealedOf, sealsOf, useRevealed } from '../../gateway/revealed';
import { Confirm } from '../../shared/confirm';
import { EditDialog } from '../../shared/form/edit-dialog';
import { isJsonObject, jsonOf, listOf, useDraft } from '../../shared/form/use-draft';
import { expectSame } from '../../shared/form/use-save';

type Attributes = NonNullable<Parameters<typeof gateway.contacts.create>[0]['attributes']>;

interface Props {
  /** None: a new one. */
  readonly contact?: Contact;
  readonly onClose: () => void;
}

const NONE = { externalId: null, name: null, groups: [], attributes: {}, addresses: [] };

/** @param addresses in clear, or none where they are masked: then they stay as they are. */
const valuesOf = (contact: Omit<Contact, 'id' | 'createdAt' | 'updatedAt'>, addresses: readonly string[]) => ({
  externalId: contact.externalId ?? '',
  name: contact.name ?? '',
  addresses: addresses.join('\n'),
  groups: contact.groups.join(', '),
  attributes: Object.keys(contact.attributes).length === 0 ? '' : JSON.stringify(contact.attributes, null, 2),
});

/** The addresses in clear, if all of them were revealed. */
function useClear(contact: Contact | undefined): readonly string[] | undefined {
  const revealed = useRevealed();
  if (contact === undefined) return [];
  const seals = sealsOf([contact]);
  const found = seals.flatMap((sealed) => revealed.get(sealed) ?? []);
  return seals.length > 0 && found.length === contact.addresses.length ? found : undefined;
}

/** Its addresses can be changed once they are revealed. */
export function ContactForm({ contact, onClose }: Props): ReactNode {
  const clear = useClear(contact);
  // Revealing begins the form again, with the addresses in it.
  return <Form key={clear?.join() ?? 'masked'} clear={clear} onClose={onClose} {...(contact && { contact })} />;
}

function Form({ contact, clear, onClose }: Props & { readonly clear: readonly string[] | undefined }): ReactNode {
  const { t } = useTranslation();
  const draft = useDraft(valuesOf(contact ?? NONE, clear ?? []));
  const [deletes, setDeletes] = useState(false);
  const { values, hasChanged, text } = draft;
  const addresses = listOf(values.addresses);
  const all = {
    externalId: values.externalId.trim(),
    name: values.name.trim(),
    addresses,
    groups: listOf(values.groups),
  };
  const save = async (): Promise<void> => {
    const attributes = (jsonOf(values.attributes) ?? {}) as Attributes;
    if (contact === undefined) {
      await gateway.contacts.create({ ...all, attributes });
      return;
    }
    const current = await gateway.contacts.get(contact.id);
    expectSame(contact.updatedAt, current.updatedAt);
    const changed = Object.entries({ ...all, attributes }).filter(([name]) => hasChanged(name as keyof typeof values));
    await gateway.contacts.update(contact.id, Object.fromEntries(changed));
  };
  if (deletes && contact) return <DeleteContact contact={contact} onClose={onClose} />;
  return (
    <EditDialog
      title={contact === undefined ? t('audience.contactCreate') : t('audience.contactEdit')}
      verb={contact === undefined ? t('shared.create') : t('shared.save')}
      isDirty={draft.isDirty}
      ready={(clear === undefined || addresses.length > 0) && isJsonObject(values.attributes)}
      save={save}
      onClose={onClose}
      reload={onClose}
    >
      {(fault) => (
        <>
          <TextInput label={t('audience.name')} {...text('name')} error={fault('/name')} data-autofocus />
          <TextInput label={t('audience.externalId')} {...text('externalId')} error={fault('/externalId')} />
          {clear === undefined && contact ? (
            <MaskedAddresses contact={contact} isDirty={draft.isDirty} />
          ) : (
            <Textarea
              label={t('audience.addresses')}
              description={t('audience.addressesHint')}
              {...text('addresses')}
              autosize
              minRows={2}
              error={fault('/addresses')}
            />
          )}
          <TextInput
            label={t('audience.groups')}
            description={t('audience.groupsHint')}
            {...text('groups')}
            error={fault('/groups')}
          />
          <Textarea
            label={t('audience.attributes')}
            description={t('audience.attributesHint')}
            {...text('attributes')}
            autosize
            maxRows={10}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            error={isJsonObject(values.attributes) ? fault('/attributes') : t('audience.noJson')}
          />
          {contact && (
            <div>
              <Button variant="subtle" c="var(--bad)" onClick={() => setDeletes(true)}>
                {t('audience.contactDelete')}
              </Button>
            </div>
          )}
        </>
      )}
    </EditDialog>
  );
}

function MaskedAddresses({ contact, isDirty }: { readonly contact: Contact; readonly isDirty: boolean }): ReactNode {
  const { t } = useTranslation();
  const act = useMutation({ mutationFn: () => reveal(sealsOf([contact])) });
  return (
    <div>
      <div>{t('audience.addresses')}</div>
      <div className="row">
        {contact.addresses.map((address, index) => (
          <span key={index}>{revealedOf(sealsOf([contact])[index] ?? '') ?? address}</span>
        ))}
        {/* What is typed would be lost. */}
        <Button
          size="compact-xs"
          variant="default"
          disabled={isDirty}
          loading={act.isPending}
          onClick={() => act.mutate()}
        >
          {t('audience.revealToEdit')}
        </Button>
      </div>
      {act.error && (
        <p role="alert" className="tone-bad">
          {t('shared.revealFailed')}
        </p>
      )}
    </div>
  );
}

function DeleteContact({ contact, onClose }: { readonly contact: Contact; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('audience.contactDelete')}
      verb={t('shared.delete')}
      danger
      act={() => gateway.contacts.delete(contact.id)}
      onClose={onClose}
    >
      <p>{t('audience.contactDeleteText')}</p>
    </Confirm>
  );
}
