import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { BulkAct, type BulkVerb } from './bulk-act';
import type { MessageFilter, Row } from './queries';

/** More at once would be a campaign of its own; the API has `audience` for those. */
const MOST = 1000;

interface Props {
  readonly chosen: ReadonlyMap<string, Row>;
  readonly filter: MessageFilter;
  readonly onChosen: (chosen: ReadonlyMap<string, Row>) => void;
  readonly onDone: () => void;
}

export function ChosenBar({ chosen, filter, onChosen, onDone }: Props): ReactNode {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<BulkVerb>();
  const [gathered, setGathered] = useState<number>();
  const gather = async (): Promise<void> => {
    const all = new Map<string, Row>();
    try {
      for await (const row of gateway.messages.list({ ...filter, limit: MOST })) {
        all.set(row.id, row);
        if (all.size % 100 === 0) setGathered(all.size);
        if (all.size >= MOST) break;
      }
      onChosen(all);
    } finally {
      setGathered(undefined);
    }
  };
  return (
    <div className="panel padded row">
      <strong>{t('messages.chosen', { n: chosen.size })}</strong>
      <Button variant="default" loading={gathered !== undefined} onClick={() => void gather()}>
        {t('messages.chooseMatching', { n: MOST.toLocaleString() })}
      </Button>
      <Button variant="default" onClick={() => onChosen(new Map())}>
        {t('messages.chooseNone')}
      </Button>
      <Button onClick={() => setVerb('release')}>{t('messages.release')}</Button>
      <Button color="red.8" onClick={() => setVerb('cancel')}>
        {t('messages.cancel')}
      </Button>
      <Button onClick={() => setVerb('redrive')}>{t('messages.redrive')}</Button>
      {gathered !== undefined && <span role="status">{t('messages.gathering', { n: gathered })}</span>}
      {verb && (
        <BulkAct
          verb={verb}
          rows={[...chosen.values()]}
          onClose={(changed) => {
            setVerb(undefined);
            if (changed) {
              onChosen(new Map());
              onDone();
            }
          }}
        />
      )}
    </div>
  );
}
