import { FieldErrors, MAX_LISTED_FIELD_ERRORS } from '@gateway/core';
import type { CategoryEntry, ImportFault, ImportFaults, TemplateEntry } from '@gateway/delivery';
import { Turns } from '@gateway/platform';
import type { z } from 'zod';
import { addIssues, parseWith } from '../../http/fields/field-errors.js';
import { faultsIn } from '../../http/json/json-faults.js';
import { draftOf } from '../template-draft.js';
import { fileCategory, fileTemplate, templateFile } from './template-file.schema.js';

export interface TemplateFile {
  readonly categories: readonly CategoryEntry[];
  readonly templates: readonly TemplateEntry[];
  /** Faults of entries that could not be read. */
  readonly faults: ImportFaults;
}

/** The first faults of a file, and how many there are altogether. */
class Faults implements ImportFaults {
  readonly listed: ImportFault[] = [];
  count = 0;

  add({ all, count }: FieldErrors, pointer: string, entry: unknown): void {
    this.count += count;
    for (const fault of all.slice(0, MAX_LISTED_FIELD_ERRORS - this.listed.length)) {
      this.listed.push({ ...fault, pointer: pointer + fault.pointer, ...nameOf(entry) });
    }
  }
}

/** @param by the key that imports it. @throws GatewayProblem `validation_failed` when it is no export at all. */
export async function readTemplateFile(body: unknown, by: string): Promise<TemplateFile> {
  const file = parseWith(templateFile, body);
  const faults = new Faults();
  const categories = (await readEntries('/categories', file.categories, fileCategory, faults)).map(
    ({ pointer, value: { id, name, parentId = null, description = null } }) => ({
      pointer,
      id,
      name,
      parentId,
      description,
    }),
  );
  const templates = (await readEntries('/templates', file.templates, fileTemplate, faults)).map(
    ({ pointer, value: { id, ...input } }) => ({ pointer, id, draft: { ...draftOf(input), by } }),
  );
  return { categories, templates, faults };
}

async function readEntries<T extends z.ZodType<{ id?: string | undefined }>>(
  list: string,
  entries: readonly unknown[],
  schema: T,
  faults: Faults,
): Promise<readonly { readonly pointer: string; readonly value: z.output<T> }[]> {
  const ids = new Set<string>();
  const turns = new Turns();
  const read: { readonly pointer: string; readonly value: z.output<T> }[] = [];
  for (const [i, entry] of entries.entries()) {
    await turns.rest();
    const pointer = `${list}/${i}`;
    const { data: value, error } = schema.safeParse(entry, { reportInput: true });
    const errors = new FieldErrors();
    const ofText = faultsIn(entry);
    if (ofText !== undefined) errors.addAll(ofText);
    else if (error !== undefined) addIssues(errors, error.issues);
    if (value?.id !== undefined) {
      if (ids.has(value.id)) errors.add('/id', 'not_allowed', 'is given twice');
      ids.add(value.id);
    }
    faults.add(errors, pointer, entry);
    if (value !== undefined && errors.count === 0) read.push({ pointer, value });
  }
  return read;
}

const MAX_NAME_SHOWN = 100;

/** So that people find the entry. */
function nameOf(entry: unknown): { readonly name?: string } {
  const name = (entry as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? { name: name.slice(0, MAX_NAME_SHOWN) } : {};
}
