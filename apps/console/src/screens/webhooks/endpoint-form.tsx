import type { WebhookEndpoint } from '@gateway/client';
import { Checkbox, NumberInput, Radio, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { EditDialog } from '../../shared/form/edit-dialog';
import { isJsonObject, jsonOf, listOf, useDraft, type Draft } from '../../shared/form/use-draft';
import { expectSame, type FaultAt } from '../../shared/form/use-save';

const MOST_IN_FLIGHT = 16;
const MOST_EVENTS = 500;

interface Values {
  readonly url: string;
  readonly description: string;
  readonly events: string;
  readonly filter: string;
  readonly ordered: boolean;
  readonly maxInFlight: number;
  /** 0: no limit. */
  readonly maxPerSecond: number;
  /** 0: one event in each request. */
  readonly batch: number;
  readonly signing: 'hmac' | 'ed25519';
}

const NEW: Values = {
  url: '',
  description: '',
  events: '',
  filter: '',
  ordered: false,
  maxInFlight: 4,
  maxPerSecond: 0,
  batch: 0,
  signing: 'hmac',
};

const valuesOf = (endpoint: WebhookEndpoint): Values => ({
  url: endpoint.url,
  description: endpoint.description ?? '',
  events: endpoint.events.join(', '),
  filter: Object.keys(endpoint.filter).length === 0 ? '' : JSON.stringify(endpoint.filter, null, 2),
  ordered: endpoint.ordered,
  maxInFlight: endpoint.maxInFlight,
  maxPerSecond: endpoint.maxPerSecond ?? 0,
  batch: endpoint.batch?.maxEvents ?? 0,
  signing: endpoint.signing,
});

type Change = Parameters<typeof gateway.webhookEndpoints.update>[1];

/** Only what has changed: a field that is left alone stays as it is stored. */
function changeOf({ values, hasChanged }: Draft<Values>): Change {
  const { url, description, events, filter, ordered, maxInFlight, maxPerSecond, batch } = values;
  return {
    ...(hasChanged('url') && { url: url.trim() }),
    ...(hasChanged('description') && { description: description.trim() }),
    ...(hasChanged('events') && { events: listOf(events) }),
    ...(hasChanged('filter') && { filter: jsonOf(filter) ?? {} }),
    ...(hasChanged('ordered') && { ordered }),
    ...(hasChanged('maxInFlight') && { maxInFlight }),
    ...(hasChanged('maxPerSecond') && { maxPerSecond }),
    ...(hasChanged('batch') && { batch: batch < 2 ? {} : { maxEvents: batch } }),
  };
}

export function CreateEndpoint(props: {
  /** Gets the secret of an endpoint that has one. */
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { onSecret, onClose } = props;
  const { t } = useTranslation();
  const draft = useDraft(NEW);
  const { url, signing } = draft.values;
  const create = async (): Promise<void> => {
    const made = await gateway.webhookEndpoints.create({ ...changeOf(draft), url: url.trim(), signing });
    if (made.secret !== undefined) onSecret(made.secret);
  };
  return (
    <EditDialog
      title={t('webhooks.createTitle')}
      verb={t('webhooks.createVerb')}
      isDirty={draft.isDirty}
      ready={url.trim() !== '' && isJsonObject(draft.values.filter)}
      save={create}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <Fields draft={draft} fault={fault} />
          <Radio.Group
            size="xs"
            label={t('webhooks.signing')}
            value={signing}
            onChange={(value) => draft.set({ signing: value === 'ed25519' ? 'ed25519' : 'hmac' })}
          >
            <div className="stack" style={{ gap: 6, paddingTop: 6 }}>
              <Radio size="xs" value="hmac" label={t('webhooks.signings.hmac')} />
              <Radio size="xs" value="ed25519" label={t('webhooks.signings.ed25519')} />
            </div>
          </Radio.Group>
        </>
      )}
    </EditDialog>
  );
}

export function EditEndpoint(props: { readonly endpoint: WebhookEndpoint; readonly onClose: () => void }): ReactNode {
  const { endpoint, onClose } = props;
  const { t } = useTranslation();
  const draft = useDraft(valuesOf(endpoint));
  const save = async (): Promise<void> => {
    expectSame(valuesOf(endpoint), valuesOf(await gateway.webhookEndpoints.get(endpoint.id)));
    await gateway.webhookEndpoints.update(endpoint.id, changeOf(draft));
  };
  return (
    <EditDialog
      title={t('webhooks.editTitle')}
      verb={t('shared.save')}
      isDirty={draft.isDirty}
      ready={draft.values.url.trim() !== '' && isJsonObject(draft.values.filter)}
      save={save}
      onClose={onClose}
      reload={onClose}
    >
      {(fault) => <Fields draft={draft} fault={fault} />}
    </EditDialog>
  );
}

function Fields({ draft, fault }: { readonly draft: Draft<Values>; readonly fault: FaultAt }): ReactNode {
  const { t } = useTranslation();
  const { values, set, text } = draft;
  const number = (name: 'maxInFlight' | 'maxPerSecond' | 'batch', most: number) => ({
    size: 'xs' as const,
    value: values[name],
    max: most,
    clampBehavior: 'strict' as const,
    allowDecimal: false,
    onChange: (value: string | number) => typeof value === 'number' && set({ [name]: value }),
  });
  return (
    <>
      <TextInput
        label={t('webhooks.url')}
        placeholder="https://example.com/webhooks"
        type="url"
        {...text('url')}
        error={fault('/url')}
        data-autofocus
      />
      <TextInput label={t('webhooks.description')} {...text('description')} error={fault('/description')} />
      <Textarea
        label={t('webhooks.events')}
        description={t('webhooks.eventsHint')}
        placeholder="recipient.*, message.completed"
        {...text('events')}
        error={fault('/events')}
      />
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <NumberInput
          label={t('webhooks.maxInFlight')}
          {...number('maxInFlight', MOST_IN_FLIGHT)}
          min={1}
          disabled={values.ordered}
          error={fault('/maxInFlight')}
        />
        <NumberInput
          label={t('webhooks.maxPerSecond')}
          description={t('webhooks.maxPerSecondHint')}
          {...number('maxPerSecond', 10_000)}
          min={0}
          error={fault('/maxPerSecond')}
        />
        <NumberInput
          label={t('webhooks.batchMost')}
          description={t('webhooks.batchMostHint')}
          {...number('batch', MOST_EVENTS)}
          min={0}
          error={fault('/batch')}
        />
      </div>
      <Checkbox
        label={t('webhooks.orderedLabel')}
        checked={values.ordered}
        onChange={(event) => set({ ordered: event.currentTarget.checked })}
        error={fault('/ordered')}
      />
      <Textarea
        label={t('webhooks.filter')}
        description={t('webhooks.filterHint')}
        placeholder='{"categories": ["marketing"]}'
        {...text('filter')}
        autosize
        maxRows={10}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        error={isJsonObject(values.filter) ? fault('/filter') : t('webhooks.noJson')}
      />
    </>
  );
}
