import { Button, NumberInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';
import { Failure } from '../../shared/states';
import { DryRunResult } from './dry-run-result';
import type { Draft, Routes } from './queries';
import classes from './routes.module.css';

const LAST = 1000;
const HEAVIEST = 1_000_000;
/** Rules are applied to each of the last messages. */
const SLOW = { timeoutMs: 60_000, deadlineMs: 60_000, maxRetries: 0 };

interface Props {
  readonly stored: Routes;
  readonly onClose: () => void;
}

/** Weights by number, everything else as JSON. What would change is tried first; only that can be stored. */
export function EditRoutes({ stored, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(stored.routes, null, 2));
  const [confirms, setConfirms] = useState(false);
  const draft = draftOf(text);
  const trial = useMutation({
    mutationFn: async (routes: Draft) => ({ text, run: await gateway.routes.dryRun({ routes, last: LAST }, SLOW) }),
  });
  const tried = trial.data?.text === text ? trial.data.run : undefined;
  return (
    <section className="panel">
      <h2>{t('routes.editTitle')}</h2>
      <div className="stack padded">
        {draft && <Weights draft={draft} onChange={(next) => setText(JSON.stringify(next, null, 2))} />}
        <details open={stored.routes.length === 0}>
          <summary>{t('routes.json')}</summary>
          <Textarea
            aria-label={t('routes.json')}
            description={t('routes.jsonHint')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={8}
            maxRows={24}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            error={draft === undefined && t('routes.noJson')}
          />
        </details>
        {trial.error && <Failure error={trial.error} isAct />}
        {tried ? (
          <DryRunResult run={tried} />
        ) : (
          <p className="dim" role="status">
            {t('routes.tryFirst')}
          </p>
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('shared.cancel')}
          </Button>
          <Button
            variant="default"
            loading={trial.isPending}
            disabled={draft === undefined}
            onClick={() => draft && trial.mutate(draft)}
          >
            {t('routes.dryRun', { n: LAST.toLocaleString() })}
          </Button>
          <Button disabled={tried === undefined} onClick={() => setConfirms(true)}>
            {t('routes.save')}
          </Button>
        </div>
      </div>
      {confirms && draft && tried && (
        <Confirm
          title={t('routes.saveTitle')}
          verb={t('routes.save')}
          danger
          act={async () => {
            await gateway.routes.put({ version: stored.version, routes: draft });
            onClose();
          }}
          onClose={() => setConfirms(false)}
        >
          <p>{t('routes.saveText', { changed: tried.changed.toLocaleString(), n: tried.messages.toLocaleString() })}</p>
        </Confirm>
      )}
    </section>
  );
}

/** @returns nothing for a text that is no list; the gateway checks its entries. */
function draftOf(text: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Draft) : undefined;
  } catch {
    return undefined;
  }
}

const usesOf = (route: Draft[number]): readonly { readonly account: string; readonly weight: number }[] =>
  Array.isArray(route.use) ? route.use : [];

/** The change that an operator makes at night: more to the one, less to the other. */
function Weights({ draft, onChange }: { readonly draft: Draft; readonly onChange: (draft: Draft) => void }): ReactNode {
  const { t } = useTranslation();
  const set = (at: number, account: string, weight: number): void =>
    onChange(
      draft.map((route, index) =>
        index === at
          ? { ...route, use: usesOf(route).map((use) => (use.account === account ? { ...use, weight } : use)) }
          : route,
      ),
    );
  return (
    <div className={classes.weights}>
      {draft.map((route, index) => (
        <fieldset key={route.name}>
          <legend>{t('routes.weightsOf', { route: route.name })}</legend>
          {usesOf(route).map(({ account, weight }) => (
            <NumberInput
              key={account}
              size="xs"
              label={account}
              value={weight}
              min={0}
              max={HEAVIEST}
              clampBehavior="strict"
              hideControls
              w={110}
              onChange={(value) => typeof value === 'number' && set(index, account, value)}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
