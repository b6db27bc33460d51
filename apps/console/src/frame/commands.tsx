import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { may, type Session } from '../gateway/session';
import { screens } from './screens';

const MESSAGE_ID = /^msg_[0-9a-z]{26}$/;

/** `Ctrl-K`: every screen by name, a message by its id, mail by its recipient. */
export function Commands({ session }: { readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const router = useRouter();
  const [text, setText] = useState('');
  const go = (to: string, search: Record<string, string> = {}) => void router.navigate({ to, search });
  const query = text.trim();
  const actions: SpotlightActionData[] = screens
    .filter(({ scope }) => may(session, scope))
    .map(({ name, path }) => ({ id: name, label: t(`frame.${name}`), onClick: () => go(path) }));
  if (MESSAGE_ID.test(query)) {
    actions.unshift({
      id: 'message',
      label: t('frame.openMessage', { id: query }),
      keywords: query,
      onClick: () => go(`/messages/${query}`),
    });
  }
  if (/.@./.test(query)) {
    actions.unshift({
      id: 'address',
      label: t('frame.mailTo', { address: query }),
      keywords: query,
      onClick: () => go('/messages', { q: `to:${query}` }),
    });
  }
  return (
    <Spotlight
      actions={actions}
      query={text}
      onQueryChange={setText}
      shortcut="mod + K"
      tagsToIgnore={[]}
      nothingFound={t('frame.searchNothing')}
      searchProps={{ placeholder: t('frame.searchHint'), 'aria-label': t('frame.search') }}
      transitionProps={{ duration: 0 }}
    />
  );
}
