import { Alert, Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from './states';

/** Asks before something changes: says what will happen to how many, and reports a refusal in place. */
export function Confirm(props: {
  readonly title: string;
  readonly verb: string;
  readonly danger?: boolean;
  /** False while something is missing. */
  readonly ready?: boolean;
  readonly act: () => Promise<unknown>;
  /** A plain sentence for a refusal that is expected here. */
  readonly explain?: (error: Error) => string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { title, verb, danger = false, ready = true, act, explain, onClose, children } = props;
  const { t } = useTranslation();
  const action = useMutation({ mutationFn: act, onSuccess: onClose });
  const explained = action.error ? explain?.(action.error) : undefined;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('shared.close') }}>
      <div className="stack">
        {children}
        {explained !== undefined && (
          <Alert color="red" variant="outline" role="alert">
            {explained}
          </Alert>
        )}
        {action.error && explained === undefined && <Failure error={action.error} isAct />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('shared.cancel')}
          </Button>
          <Button
            color={danger ? 'red.8' : 'lagoon'}
            loading={action.isPending}
            disabled={!ready}
            onClick={() => action.mutate()}
            data-autofocus
          >
            {verb}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
