import { useState, type ChangeEvent } from 'react';

type Texts<Values> = { readonly [Name in keyof Values]: Values[Name] extends string ? Name : never }[keyof Values];

/** The values of a form, and which of them differ from those that it began with. */
export interface Draft<Values> {
  readonly values: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly isDirty: boolean;
  readonly hasChanged: (name: keyof Values) => boolean;
  /** The props of an input. */
  readonly text: (name: Texts<Values>) => {
    readonly value: string;
    readonly onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  };
}

export function useDraft<Values extends object>(initial: Values): Draft<Values> {
  const [first] = useState(initial);
  const [values, setValues] = useState(initial);
  const set = (change: Partial<Values>): void => setValues((before) => ({ ...before, ...change }));
  const hasChanged = (name: keyof Values): boolean => JSON.stringify(values[name]) !== JSON.stringify(first[name]);
  return {
    values,
    set,
    hasChanged,
    isDirty: (Object.keys(values) as (keyof Values)[]).some(hasChanged),
    text: (name) => ({
      value: String(values[name]),
      onChange: ({ currentTarget }) => {
        const { value } = currentTarget;
        set({ [name]: value } as Partial<Values>);
      },
    }),
  };
}

/** Entries of a list that is typed, by commas, semicolons or blanks. */
export const listOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((each) => each !== ''))];

/** @throws SyntaxError @returns nothing for an empty text. */
export const jsonOf = (text: string): unknown => (text.trim() === '' ? undefined : JSON.parse(text));

export function isJsonObject(text: string): boolean {
  try {
    const value = jsonOf(text);
    return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
  } catch {
    return false;
  }
}
