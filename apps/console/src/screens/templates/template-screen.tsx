import type { Template } from '@gateway/client';
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { CodeBlock } from '../../shared/show/code-block';
import { Facts } from '../../shared/show/facts';
import { MailFrame } from '../../shared/show/mail-frame';
import { Forbidden, Loaded } from '../../shared/states';
import { Time } from '../../shared/time';
import { EXAMPLE, renderedQuery, templateQuery } from './queries';
import classes from './templates.module.css';
import { TemplateState } from './templates-screen';
import { VendorForms } from './vendor-forms';

/** One template: its text with example values, beside what each vendor would get. */
export function TemplateScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id } = useParams({ from: '/templates/$id' });
  const template = useQuery({ ...templateQuery(id), enabled: may('templates') });
  if (!may('templates')) return <Forbidden scope="templates" />;
  return (
    <div className="stack">
      <p>
        <Link to="/templates">← {t('templates.title')}</Link>
      </p>
      <Loaded query={template} rows={8}>
        {(loaded) => <Opened template={loaded} showsVendors={may('messages:write') && may('providers')} />}
      </Loaded>
    </div>
  );
}

const SETTLES_MS = 400;

function Opened({
  template,
  showsVendors,
}: {
  readonly template: Template;
  readonly showsVendors: boolean;
}): ReactNode {
  const { t } = useTranslation();
  // A variable's own name is a value that everyone recognises.
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(template.variables.map((name) => [name, name])),
  );
  const [variables] = useDebouncedValue(typed, SETTLES_MS);
  const rendered = useQuery(renderedQuery(template.id, variables));
  return (
    <>
      <div className="row spread">
        <h1>{template.name}</h1>
        {template.deletedAt === null && (
          <Button renderRoot={(props) => <Link to="/templates/$id/edit" params={{ id: template.id }} {...props} />}>
            {t('shared.edit')}
          </Button>
        )}
      </div>
      <section className="panel padded">
        <Facts
          rows={[
            [t('templates.state'), <TemplateState key="state" template={template} />],
            [t('templates.version'), `${template.version} / ${template.latestVersion}`],
            [t('templates.from'), template.from?.address ?? '–'],
            [t('templates.description'), template.description ?? '–'],
            [t('templates.updated'), <Time key="updated" at={template.updatedAt} />],
            ['id', <code key="id">{template.id}</code>],
          ]}
        />
      </section>
      {template.variables.length > 0 && (
        <section className="panel">
          <h2>{t('templates.values')}</h2>
          <div className="row padded">
            {template.variables.map((name) => (
              <TextInput
                key={name}
                label={<code>{name}</code>}
                value={typed[name] ?? ''}
                onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
              />
            ))}
          </div>
        </section>
      )}
      <div className={classes.beside}>
        <section className="panel">
          <h2>{t('templates.preview')}</h2>
          <div className="padded">
            <Loaded query={rendered}>
              {({ subject, html, text, missingVariables }) => (
                <div className="stack">
                  <p>
                    <span className="dim">{t('templates.subject')}</span> <strong>{subject}</strong>
                  </p>
                  {missingVariables.length > 0 && (
                    <p className="tone-doubt">{t('templates.missing', { names: missingVariables.join(', ') })}</p>
                  )}
                  <MailFrame html={html} title={t('templates.preview')} />
                  {text !== null && <CodeBlock label={t('templates.text')} text={text} />}
                </div>
              )}
            </Loaded>
          </div>
        </section>
        {showsVendors && (
          <VendorForms
            mail={{
              template: { id: template.id },
              to: EXAMPLE,
              variables,
              ...(template.from === null && { from: 'no-reply@example.com' }),
            }}
          />
        )}
      </div>
    </>
  );
}
