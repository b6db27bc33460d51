import type { Template } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { useMay } from '../../gateway/use-session';
import { useFocusOnFault } from '../../shared/form/edit-dialog';
import { FormFaults } from '../../shared/form/form-faults';
import { LeaveGuard } from '../../shared/form/leave-guard';
import { useDraft } from '../../shared/form/use-draft';
import { expectSame, useSave } from '../../shared/form/use-save';
import { Forbidden, Loaded } from '../../shared/states';
import { DraftPreview } from './draft-preview';
import { KEY, templateQuery } from './queries';
import { changesOf, NOTHING, TemplateFields, valuesOf } from './template-fields';
import classes from './templates.module.css';

export function NewTemplateScreen(): ReactNode {
  const may = useMay();
  return may('templates') ? <Editor /> : <Forbidden scope="templates" />;
}

export function EditTemplateScreen(): ReactNode {
  const may = useMay();
  const { id } = useParams({ from: '/templates/$id/edit' });
  const [round, setRound] = useState(0);
  // What is being edited must not change under the operator: it is read once, and again after a conflict.
  const template = useQuery({ ...templateQuery(id), enabled: may('templates'), refetchOnWindowFocus: false });
  if (!may('templates')) return <Forbidden scope="templates" />;
  const reload = (): void => void template.refetch().then(() => setRound((n) => n + 1));
  return (
    <Loaded query={template} rows={8}>
      {(loaded) => <Editor key={round} template={loaded} reload={reload} />}
    </Loaded>
  );
}

/** A template beside what recipients see, and what each vendor would get, as it is typed. */
function Editor({ template, reload }: { readonly template?: Template; readonly reload?: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [stored] = useState(template);
  const draft = useDraft(stored ? valuesOf(stored) : NOTHING);
  const form = useRef<HTMLFormElement>(null);
  const made = useRef(stored?.id);
  const store = async (): Promise<void> => {
    if (stored === undefined) {
      made.current = (await gateway.templates.create({ ...draft.values, name: draft.values.name.trim() })).id;
      return;
    }
    expectSame(stored.latestVersion, (await gateway.templates.get(stored.id)).latestVersion);
    await gateway.templates.update(stored.id, changesOf(draft));
  };
  const open = (): void => {
    void client.invalidateQueries({ queryKey: [KEY] });
    if (made.current !== undefined) void navigate({ to: '/templates/$id', params: { id: made.current } });
  };
  const saving = useSave(store, open);
  useFocusOnFault(form, saving.error);
  const { name, subject, html, text } = draft.values;
  const hasBody = html.trim() !== '' || text.trim() !== '';
  const isReady = name.trim() !== '' && subject.trim() !== '' && hasBody && draft.isDirty;
  const fields = <TemplateFields draft={draft} fault={saving.fault} />;
  return (
    <form
      ref={form}
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) saving.start();
      }}
    >
      <p>
        {stored ? (
          <Link to="/templates/$id" params={{ id: stored.id }}>
            ← {stored.name}
          </Link>
        ) : (
          <Link to="/templates">← {t('templates.title')}</Link>
        )}
      </p>
      <div className="row spread">
        <h1>{stored ? t('templates.editTitle', { name: stored.name }) : t('templates.create')}</h1>
        <div className="row">
          {!hasBody && draft.isDirty && <span className="dim">{t('templates.needsBody')}</span>}
          <Button type="submit" loading={saving.isPending} disabled={!isReady}>
            {stored ? t('templates.saveVersion') : t('shared.create')}
          </Button>
        </div>
      </div>
      <div className={classes.beside}>
        <section className="panel padded stack">
          {fields}
          <FormFaults saving={saving} {...(reload && { reload })} />
        </section>
        <DraftPreview values={draft.values} />
      </div>
      <LeaveGuard when={() => draft.isDirty && !saving.isSaved()} />
    </form>
  );
}
