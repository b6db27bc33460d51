import { Button, Select, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Field<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly placeholder?: string;
  readonly width?: number;
  /** A choice instead of a text. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

interface Props<Name extends string> {
  readonly fields: readonly Field<Name>[];
  readonly values: { readonly [Key in Name]?: string };
  readonly apply: (values: { [Key in Name]?: string }) => void;
}

/** The filters of a list, as they are in the address. A text counts when Enter is pressed or the field is left. */
export function Filters<Name extends string>({ fields, values, apply }: Props<Name>): ReactNode {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const set = (name: Name, value: string): void => {
    if (value === (values[name] ?? '')) return;
    apply(filled<Name>({ ...values, [name]: value }));
  };
  const isFiltered = fields.some(({ name }) => values[name] !== undefined);
  return (
    <form
      ref={form}
      className="row padded"
      style={{ alignItems: 'flex-end' }}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = Object.fromEntries([...new FormData(event.currentTarget)].flatMap(textOf));
        apply(filled<Name>({ ...values, ...typed }));
      }}
    >
      {fields.map(({ name, label, placeholder, width = 180, options }, index) =>
        options ? (
          <Select
            key={name}
            label={label}
            data={[...options]}
            value={values[name] ?? null}
            onChange={(value) => set(name, value ?? '')}
            clearable
            clearButtonProps={{ 'aria-label': t('shared.clear') }}
            placeholder={t('shared.all')}
            w={width}
          />
        ) : (
          <TextInput
            key={`${name} ${values[name] ?? ''}`}
            name={name}
            label={label}
            defaultValue={values[name] ?? ''}
            onBlur={(event) => set(name, event.currentTarget.value.trim())}
            maxLength={500}
            w={width}
            {...(placeholder && { placeholder })}
            {...(index === 0 && { 'data-filter': true })}
          />
        ),
      )}
      <Button type="submit" variant="default">
        {t('shared.search')}
      </Button>
      {isFiltered && (
        <Button variant="subtle" onClick={() => apply({})}>
          {t('shared.clear')}
        </Button>
      )}
    </form>
  );
}

const textOf = ([name, value]: [string, FormDataEntryValue]): [string, string][] =>
  typeof value === 'string' ? [[name, value.trim()]] : [];

const filled = <Name extends string>(
  values: Readonly<Record<string, string | undefined>>,
): { [Key in Name]?: string } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined)) as {
    [Key in Name]?: string;
  };
