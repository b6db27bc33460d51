import { Radio, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';

interface Props {
  /** Gets the secret of an endpoint that has one. */
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

export function CreateEndpoint({ onSecret, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [events, setEvents] = useState('');
  const [signing, setSigning] = useState<'hmac' | 'ed25519'>('hmac');
  const create = async (): Promise<void> => {
    const { secret } = await gateway.webhookEndpoints.create({
      url: url.trim(),
      signing,
      events: events.split(/[\s,]+/).filter((type) => type !== ''),
      ...(description.trim() !== '' && { description: description.trim() }),
    });
    if (secret !== undefined) onSecret(secret);
  };
  return (
    <Confirm
      title={t('webhooks.createTitle')}
      verb={t('webhooks.createVerb')}
      ready={url.trim() !== ''}
      act={create}
      onClose={onClose}
    >
      <TextInput
        label={t('webhooks.url')}
        placeholder="https://example.com/webhooks"
        type="url"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label={t('webhooks.description')}
        value={description}
        maxLength={200}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Textarea
        label={t('webhooks.events')}
        description={t('webhooks.eventsHint')}
        placeholder="recipient.*, message.completed"
        value={events}
        onChange={(event) => setEvents(event.currentTarget.value)}
      />
      <Radio.Group
        size="xs"
        label={t('webhooks.signing')}
        value={signing}
        onChange={(value) => setSigning(value === 'ed25519' ? 'ed25519' : 'hmac')}
      >
        <div className="stack" style={{ gap: 6, paddingTop: 6 }}>
          <Radio size="xs" value="hmac" label={t('webhooks.signings.hmac')} />
          <Radio size="xs" value="ed25519" label={t('webhooks.signings.ed25519')} />
        </div>
      </Radio.Group>
    </Confirm>
  );
}
