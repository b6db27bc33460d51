import { FieldErrors } from '@gateway/core';
import type { CategoryEntry, ImportFault, TemplateEntry } from '@gateway/delivery';
import type { z } from 'zod';
import { addIssues, parseWith } from '../http/field-errors.js';
import { draftOf } from './template-draft.js';
import { fileCategory, fileTemplate, templateFile } from './template-file.schema.js';

export interface TemplateFile {
  readonly categories: readonly CategoryEntry[];
  readonly templates: readonly TemplateEntry[];
  /** What is wrong with entries that could not be read. */
  readonly faults: readonly ImportFault[];
}

/** @throws GatewayProblem `validation_failed` when it is no export at all. */
export function readTemplateFile(body: unknown): TemplateFile {
  const file = parseWith(templateFile, body);
  const faults: ImportFault[] = [];
  const categories = readEntries('/categories', file.categories, fileCategory, faults).map(
    ({ pointer, value: { id, name, parentId = null, description = null } }) => ({
      ...{ pointer, id, name, parentId, description },
    }),
  );
  const templates = readEntries('/templates', file.templates, fileTemplate, faults).map(
    ({ pointer, value: { id, ...input } }) => ({ pointer, id, draft: draftOf(input) }),
  );
  return { categories, templates, faults };
}

function readEntries<T extends z.ZodType<{ id?: string | undefined }>>(
  list: string,
  entries: readonly unknown[],
  schema: T,
  faults: ImportFault[],
): readonly { readonly pointer: string; readonly value: z.output<T> }[] {
  const ids = new Set<string>();
  return entries.flatMap((entry, i) => {
    const pointer = `${list}/${i}`;
    const { data: value, error } = schema.safeParse(entry, { reportInput: true });
    const errors = new FieldErrors();
    if (error !== undefined) addIssues(errors, error.issues);
    if (value?.id !== undefined) {
      if (ids.has(value.id)) errors.add('/id', 'not_allowed', 'stands there twice');
      ids.add(value.id);
    }
    faults.push(...errors.all.map((fault) => ({ ...fault, pointer: pointer + fault.pointer, ...nameOf(entry) })));
    return value === undefined || errors.count > 0 ? [] : [{ pointer, value }];
  });
}

const MAX_NAME_SHOWN = 100;

/** So that people find the entry. */
function nameOf(entry: unknown): { readonly name?: string } {
  const name = (entry as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? { name: name.slice(0, MAX_NAME_SHOWN) } : {};
}
