import { GatewayProblem } from '@gateway/client';
import { Button, Modal, Progress } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import type { Row } from './queries';

export type BulkVerb = 'release' | 'cancel' | 'redrive';

/** Not yet with a provider, so that a cancellation still catches them. */
const CANCELLABLE = ['held', 'scheduled', 'queued', 'deferred'] as const;

interface Target {
  readonly id: string;
  readonly recipients: number;
}

/** How many recipients an act would concern; nothing changes. */
const countOf: Readonly<Record<BulkVerb, (row: Row) => Promise<number>>> = {
  release: async ({ counts }) => counts.held ?? 0,
  cancel: async ({ counts }) =>
    CANCELLABLE.reduce((sum, status) => sum + (counts[status as keyof typeof counts] ?? 0), 0),
  redrive: async ({ id }) => {
    try {
      return (await gateway.messages.redrive(id, { dryRun: true })).recipientCount;
    } catch (error) {
      if (error instanceof GatewayProblem && error.status < 500) return 0;
      throw error;
    }
  },
};

const runOf: Readonly<Record<BulkVerb, (id: string) => Promise<unknown>>> = {
  release: (id) => gateway.messages.release(id),
  cancel: (id) => gateway.messages.cancel(id),
  redrive: (id) => gateway.messages.redrive(id),
};

type Phase =
  | { readonly name: 'counting'; readonly done: number }
  | { readonly name: 'counted'; readonly targets: readonly Target[] }
  | { readonly name: 'running'; readonly done: number; readonly all: number }
  | { readonly name: 'ended'; readonly done: number; readonly refused: ReadonlyMap<string, number> };

interface Props {
  readonly verb: BulkVerb;
  readonly rows: readonly Row[];
  readonly onClose: (changed: boolean) => void;
}

/** Counts first, then asks, then acts one by one and says what was refused. */
export function BulkAct({ verb, rows, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [phase, setPhase] = useState<Phase>({ name: 'counting', done: 0 });
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    void count(verb, rows, { stopped, setPhase });
    return () => void (stopped.current = true);
  }, [verb, rows]);
  const changed = phase.name === 'running' || phase.name === 'ended';
  return (
    <Modal
      opened
      onClose={() => onClose(changed)}
      title={t(`messages.${verb}Title`)}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <Words phase={phase} verb={verb} total={rows.length} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {phase.name === 'running' ? (
            <Button variant="default" onClick={() => (stopped.current = true)}>
              {t('messages.stop')}
            </Button>
          ) : (
            <Button variant="default" onClick={() => onClose(changed)}>
              {phase.name === 'ended' ? t('shared.close') : t('shared.cancel')}
            </Button>
          )}
          {phase.name === 'counted' && phase.targets.length > 0 && (
            <Button
              color={verb === 'cancel' ? 'red.8' : 'lagoon'}
              data-autofocus
              onClick={() => void run(verb, phase.targets, { stopped, setPhase })}
            >
              {t(`messages.${verb}`)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Words(props: { readonly phase: Phase; readonly verb: BulkVerb; readonly total: number }): ReactNode {
  const { phase, verb, total } = props;
  const { t } = useTranslation();
  if (phase.name === 'counted') {
    if (phase.targets.length === 0) return <p role="status">{t('messages.nothingToDo')}</p>;
    const recipients = phase.targets.reduce((sum, target) => sum + target.recipients, 0);
    return <p role="status">{t(`messages.${verb}Count`, { messages: phase.targets.length, recipients })}</p>;
  }
  if (phase.name === 'ended') {
    const refused = [...phase.refused.values()].reduce((sum, n) => sum + n, 0);
    return (
      <div role="status">
        <p>{t('messages.done', { done: phase.done, refused })}</p>
        {refused > 0 && (
          <p>{t('messages.refusedWhy', { codes: [...phase.refused].map(([code, n]) => `${code} ${n}`).join(', ') })}</p>
        )}
        {verb === 'release' && phase.refused.has('forbidden') && <p>{t('shared.releaseBySameKey')}</p>}
      </div>
    );
  }
  const all = phase.name === 'running' ? phase.all : total;
  return (
    <div role="status" className="stack">
      <p>{t(phase.name === 'running' ? 'messages.running' : 'messages.counting', { done: phase.done, all })}</p>
      <Progress value={(phase.done / Math.max(1, all)) * 100} aria-label={t(`messages.${verb}Title`)} />
    </div>
  );
}

interface Hands {
  readonly stopped: { current: boolean };
  readonly setPhase: (phase: Phase) => void;
}

async function count(verb: BulkVerb, rows: readonly Row[], { stopped, setPhase }: Hands): Promise<void> {
  const targets: Target[] = [];
  for (const [done, row] of rows.entries()) {
    if (stopped.current) return;
    setPhase({ name: 'counting', done });
    // A message that cannot be counted is not acted on.
    const recipients = await countOf[verb](row).catch(() => 0);
    if (recipients > 0) targets.push({ id: row.id, recipients });
  }
  if (!stopped.current) setPhase({ name: 'counted', targets });
}

async function run(verb: BulkVerb, targets: readonly Target[], { stopped, setPhase }: Hands): Promise<void> {
  const refused = new Map<string, number>();
  let done = 0;
  for (const [index, { id }] of targets.entries()) {
    if (stopped.current) break;
    setPhase({ name: 'running', done: index, all: targets.length });
    try {
      await runOf[verb](id);
      done += 1;
    } catch (error) {
      const code = error instanceof GatewayProblem ? error.code : 'no answer';
      refused.set(code, (refused.get(code) ?? 0) + 1);
    }
  }
  setPhase({ name: 'ended', done, refused });
}
