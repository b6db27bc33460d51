import type { Template } from '@gateway/client';
import { Checkbox, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { gateway } from '../../gateway/gateway';
import type { Draft } from '../../shared/form/use-draft';
import type { FaultAt } from '../../shared/form/use-save';

export interface Values {
  readonly name: string;
  readonly description: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly enabled: boolean;
}

export const NOTHING: Values = {
  name: '',
  description: '',
  from: '',
  subject: '',
  html: '',
  text: '',
  enabled: true,
};

export const valuesOf = (template: Template): Values => ({
  name: template.name,
  description: template.description ?? '',
  from: senderOf(template.from),
  subject: template.subject,
  html: template.html ?? '',
  text: template.text ?? '',
  enabled: template.enabled,
});

function senderOf(from: Template['from']): string {
  if (from === null) return '';
  return from.name === undefined ? from.address : `"${from.name.replaceAll(/["\\]/g, '\\$&')}" <${from.address}>`;
}

/** Only what has changed. An empty sender, description or body is none. */
export function changesOf({ values, hasChanged }: Draft<Values>): Parameters<typeof gateway.templates.update>[1] {
  const changed = Object.entries(values).filter(([name]) => hasChanged(name as keyof Values));
  return Object.fromEntries(changed.map(([name, value]) => [name, name === 'name' ? String(value).trim() : value]));
}

const CODE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

export function TemplateFields({
  draft,
  fault,
}: {
  readonly draft: Draft<Values>;
  readonly fault: FaultAt;
}): ReactNode {
  const { t } = useTranslation();
  const { values, text, set } = draft;
  return (
    <>
      <TextInput
        label={t('templates.name')}
        description={t('templates.nameHint')}
        {...text('name')}
        error={fault('/name')}
        required
        withAsterisk={false}
      />
      <TextInput
        label={t('templates.from')}
        description={t('templates.fromHint')}
        {...text('from')}
        error={fault('/from')}
      />
      <TextInput
        label={t('templates.subject')}
        description={t('templates.variablesHint')}
        {...text('subject')}
        error={fault('/subject')}
        required
        withAsterisk={false}
      />
      <Textarea
        label={t('templates.html')}
        {...text('html')}
        error={fault('/html')}
        autosize
        minRows={10}
        maxRows={28}
        spellCheck={false}
        styles={CODE}
      />
      <Textarea
        label={t('templates.text')}
        {...text('text')}
        error={fault('/text')}
        autosize
        minRows={3}
        maxRows={12}
      />
      <TextInput label={t('templates.description')} {...text('description')} error={fault('/description')} />
      <Checkbox
        label={t('templates.enabled')}
        description={t('templates.enabledHint')}
        checked={values.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </>
  );
}
