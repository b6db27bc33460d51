import type { Erasure } from '@gateway/client';
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Failure } from '../../shared/states';
import { ErasureCounts } from './erasure-counts';
import { KEY } from './queries';

/** The gateway's own limit of one request. */
const MOST = 5000;

/** Counting reads every place that may hold an address. */
const SLOW = { timeoutMs: 60_000, deadlineMs: 60_000 };

const addressesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((each) => each !== ''))];

/** Counts first, then asks for a typed word, because nothing brings the data back. */
export function RequestErasure(props: {
  readonly onRequested: (id: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { onRequested, onClose } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const addresses = addressesOf(text);
  const given = reason.trim();
  const body = { addresses, ...(given !== '' && { reason: given }) };
  const key = JSON.stringify(body);
  const count = useMutation({
    mutationFn: async () => {
      const plan = await gateway.erasures.request({ ...body, dryRun: true }, SLOW);
      return { key, counts: plan.counts, pending: plan.pending };
    },
  });
  const erase = useMutation({
    mutationFn: async () => await gateway.erasures.request({ ...body, dryRun: false }, SLOW),
    onSuccess: (erasure) => {
      void client.invalidateQueries({ queryKey: [KEY] });
      onClose();
      if ('id' in erasure) onRequested(erasure.id);
    },
  });
  const error = count.error ?? erase.error;
  // A count is of the addresses that were written then.
  const plan = count.data?.key === key ? count.data : undefined;
  const n = addresses.length.toLocaleString();
  const isTooMany = addresses.length > MOST;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('erasures.request')}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <Textarea
          label={t('erasures.addresses')}
          description={t('erasures.addressesHint', { most: MOST.toLocaleString() })}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={3}
          maxRows={8}
          data-autofocus
          error={isTooMany && t('erasures.tooMany', { n })}
        />
        <TextInput
          label={t('erasures.reason')}
          description={t('erasures.reasonHint')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error && <Failure error={error} isAct />}
        <Plan plan={plan} typed={typed} onTyped={setTyped} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('shared.cancel')}
          </Button>
          <Button
            variant="default"
            loading={count.isPending}
            disabled={addresses.length === 0 || isTooMany}
            onClick={() => {
              erase.reset();
              count.mutate();
            }}
          >
            {t('erasures.countVerb')}
          </Button>
          <Button
            color="red.8"
            loading={erase.isPending}
            disabled={plan === undefined || typed.trim() !== t('erasures.word')}
            onClick={() => erase.mutate()}
          >
            {t('erasures.verb', { n })}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

interface PlanProps {
  readonly plan: Pick<Erasure, 'counts' | 'pending'> | undefined;
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
}

/** What would be erased, and the word that allows it. */
function Plan({ plan, typed, onTyped }: PlanProps): ReactNode {
  const { t } = useTranslation();
  if (plan === undefined) return <p className="dim">{t('erasures.countFirst')}</p>;
  return (
    <>
      <div className="stack" role="status">
        <ErasureCounts label={t('erasures.countsPlan')} counts={plan.counts} />
        {plan.pending > 0 && <p>{t('erasures.planPending', { n: plan.pending.toLocaleString() })}</p>}
      </div>
      <TextInput
        label={t('erasures.confirm', { word: t('erasures.word') })}
        value={typed}
        onChange={(event) => onTyped(event.currentTarget.value)}
        autoComplete="off"
      />
    </>
  );
}
