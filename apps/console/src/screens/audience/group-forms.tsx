import type { Group } from '@gateway/client';
import { Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';
import { EditDialog } from '../../shared/form/edit-dialog';
import { listOf, useDraft } from '../../shared/form/use-draft';
import { expectSame } from '../../shared/form/use-save';

/** More would be an import. */
const MOST_MEMBERS = 1000;

const valuesOf = ({ name, description }: Pick<Group, 'name' | 'description'>) => ({
  name,
  description: description ?? '',
});

/** A new group, or another name for one: messages and contacts follow it. @param group none: a new one */
export function GroupForm(props: { readonly group?: Group; readonly onClose: () => void }): ReactNode {
  const { group, onClose } = props;
  const { t } = useTranslation();
  const before = valuesOf(group ?? { name: '', description: null });
  const draft = useDraft(before);
  const { name, description } = draft.values;
  const save = async (): Promise<void> => {
    if (group === undefined) {
      await gateway.groups.create({ name: name.trim(), ...(description !== '' && { description }) });
      return;
    }
    expectSame(before, valuesOf(await gateway.groups.get(group.id)));
    await gateway.groups.update(group.id, {
      ...(draft.hasChanged('name') && { name: name.trim() }),
      ...(draft.hasChanged('description') && { description }),
    });
  };
  return (
    <EditDialog
      title={group === undefined ? t('audience.groupCreate') : t('audience.groupEdit')}
      verb={group === undefined ? t('shared.create') : t('shared.save')}
      isDirty={draft.isDirty}
      ready={name.trim() !== ''}
      save={save}
      onClose={onClose}
      reload={onClose}
    >
      {(fault) => (
        <>
          <TextInput
            label={t('audience.name')}
            description={t('audience.groupNameHint')}
            {...draft.text('name')}
            error={fault('/name')}
            data-autofocus
          />
          <TextInput label={t('audience.description')} {...draft.text('description')} error={fault('/description')} />
        </>
      )}
    </EditDialog>
  );
}

export function DeleteGroup(props: { readonly group: Group; readonly onClose: () => void }): ReactNode {
  const { group, onClose } = props;
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('audience.groupDelete')}
      verb={t('shared.delete')}
      danger
      act={() => gateway.groups.delete(group.id)}
      onClose={onClose}
    >
      <p>
        <strong>{group.name}</strong>
      </p>
      <p>{t('audience.groupDeleteText', { n: group.memberCount })}</p>
    </Confirm>
  );
}

/** Adds addresses to a group, or takes them out. */
export function MembersForm(props: {
  readonly group: Group;
  readonly verb: 'add' | 'remove';
  readonly onClose: () => void;
}): ReactNode {
  const { group, verb, onClose } = props;
  const { t } = useTranslation();
  const draft = useDraft({ addresses: '' });
  const addresses = listOf(draft.values.addresses);
  const isTooMany = addresses.length > MOST_MEMBERS;
  return (
    <EditDialog
      title={t(`audience.members_${verb}`, { group: group.name })}
      verb={t(`audience.membersVerb_${verb}`, { n: addresses.length })}
      isDirty={draft.isDirty}
      ready={addresses.length > 0 && !isTooMany}
      save={() =>
        verb === 'add'
          ? gateway.groups.addMembers(group.id, { addresses })
          : gateway.groups.removeMembers(group.id, { addresses })
      }
      onClose={onClose}
    >
      {(fault) => (
        <Textarea
          label={t('audience.addresses')}
          description={t(`audience.membersHint_${verb}`)}
          {...draft.text('addresses')}
          autosize
          minRows={4}
          maxRows={12}
          data-autofocus
          error={isTooMany ? t('audience.membersTooMany', { n: addresses.length }) : fault('/addresses')}
        />
      )}
    </EditDialog>
  );
}
