import { Button, Modal } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFaults } from './form-faults';
import { AskToLeave, LeaveGuard } from './leave-guard';
import { useSave, type FaultAt } from './use-save';

/** A form in a dialog. Faults are shown at their fields, and unsaved changes are not lost by a slip. */
export function EditDialog(props: {
  readonly title: string;
  readonly verb: string;
  readonly isDirty: boolean;
  /** False while something is missing. */
  readonly ready?: boolean;
  readonly save: () => Promise<unknown>;
  readonly onClose: () => void;
  /** Begins again with what is stored, after another's change. */
  readonly reload?: () => void;
  readonly children: (fault: FaultAt) => ReactNode;
}): ReactNode {
  const { title, verb, isDirty, ready = true, save, onClose, reload, children } = props;
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const saving = useSave(save, onClose);
  const form = useRef<HTMLFormElement>(null);
  useFocusOnFault(form, saving.error);
  // Before the faults below: they are those that no field has shown.
  const fields = children(saving.fault);
  return (
    <Modal
      opened
      onClose={() => (isDirty ? setAsks(true) : onClose())}
      title={title}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && isDirty) saving.start();
        }}
      >
        {fields}
        <FormFaults saving={saving} {...(reload && { reload })} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={() => (isDirty ? setAsks(true) : onClose())}>
            {t('shared.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!ready || !isDirty}>
            {verb}
          </Button>
        </div>
      </form>
      {asks && <AskToLeave leave={onClose} stay={() => setAsks(false)} />}
      <LeaveGuard when={() => isDirty && !saving.isSaved()} />
    </Modal>
  );
}

/** The first field with a fault gets the focus, so that it is read out and seen. */
export function useFocusOnFault(form: { readonly current: HTMLElement | null }, error: Error | null): void {
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error, form]);
}
