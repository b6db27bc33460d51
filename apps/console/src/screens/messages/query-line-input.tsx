import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useSession } from '../../gateway/use-session';
import { accountsQuery } from '../../gateway/accounts';
import { useZone } from '../../shared/time';
import { completionsOf, readLine, tokensOf } from './query-line';

interface Props {
  readonly line: string;
  readonly onLine: (line: string) => void;
}

/** The query line: names and known values complete themselves, Enter asks. */
export function QueryLineInput({ line, onLine }: Props): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const may = useMay();
  const clients = useSession()?.clients ?? [];
  const accounts = useQuery({ ...accountsQuery, enabled: may('providers') });
  const [text, setText] = useState(line);
  useEffect(() => setText(line), [line]);
  const names = (accounts.data ?? []).map(({ name }) => name);
  const [fault] = readLine(text, zone, clients).faults.filter(({ kind }) => kind !== 'noValue' || !text.endsWith(':'));
  return (
    <Autocomplete
      aria-label={t('messages.filter')}
      placeholder={t('messages.filterHint')}
      data={[...new Set(completionsOf(text, names, clients))]}
      value={text}
      onChange={setText}
      onOptionSubmit={(option) => setText(option)}
      filter={({ options }) => options}
      renderOption={({ option }) => <code>{tokensOf(option.value).at(-1)}</code>}
      error={fault && t(`messages.fault.${fault.kind}`, { text: fault.text })}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing && !isChoosing(event.currentTarget))
          onLine(text.trim());
      }}
      data-filter
      comboboxProps={{ width: 300, position: 'bottom-start', transitionProps: { duration: 0 } }}
      size="sm"
      spellCheck={false}
      autoComplete="off"
    />
  );
}

/** Enter takes the completion that is marked, if one is. */
const isChoosing = (input: HTMLElement): boolean => Boolean(input.getAttribute('aria-activedescendant'));
