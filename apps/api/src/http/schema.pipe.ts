import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { requireBody } from './bodies/body-parsers.js';
import { parseWith } from './fields/field-errors.js';

/** Checks parameters that are declared with a zod schema (`@Body({ schema })`, `@Query({ schema })`). */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { schema } = metadata as ArgumentMetadata & { readonly schema?: unknown };
    if (!(schema instanceof z.ZodType)) return value;
    return parseWith(schema, metadata.type === 'body' ? requireBody(value) : (value ?? {}));
  }
}
