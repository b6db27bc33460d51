import {
  compileContent,
  parametersFor,
  type CompiledContent,
  type Dialect,
  type OutboundBatch,
  type Variables,
} from '@gateway/core';
import { overriddenNames } from './overridden.js';

/** A batch's texts in the provider's syntax, with the values to be given beside them. */
export interface WrittenContent {
  /** Absent: as the provider's own template has it. */
  readonly subject?: string;
  readonly body?: string;
  /** Must each recipient be given values of its own? */
  readonly individual: boolean;
  /** Values that are the same for all. */
  readonly common: Readonly<Record<string, string>>;
  /** All values of one recipient. */
  valuesOf(own: Variables | undefined): Readonly<Record<string, string>>;
}

/** Beside a template of the provider's own every variable is given as it is, under its own name. */
export function writeContent(batch: OutboundBatch, dialect: Dialect): WrittenContent {
  const { content, variables: defaults, providerTemplateId } = batch;
  const overridden = overriddenNames(batch);
  const fromTemplate = providerTemplateId !== undefined;
  const taken = fromTemplate ? [...Object.keys(defaults), ...overridden] : [];
  const compiled: CompiledContent = compileContent(content, dialect, { defaults, overridden, taken });
  const asTheyAre = fromTemplate ? defaults : {};
  return {
    ...((!fromTemplate || content.subject.length > 0) && { subject: compiled.subject }),
    ...((!fromTemplate || content.body.length > 0) && { body: compiled.body }),
    individual: isIndividual(compiled) || (fromTemplate && overridden.size > 0),
    common: { ...asTheyAre, ...compiled.constants },
    valuesOf: (own) => ({
      ...asTheyAre,
      ...(fromTemplate && own),
      ...compiled.constants,
      ...parametersFor(compiled, defaults, own),
    }),
  };
}

const isIndividual = ({ parameters, subjectParameter }: CompiledContent): boolean =>
  parameters.length > 0 || subjectParameter !== undefined;
