import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { parseWith } from './field-errors.js';

/** Checks parameters that are declared with a zod schema (`@Body({ schema })`, `@Query({ schema })`). */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { schema } = metadata as ArgumentMetadata & { readonly schema?: unknown };
    return schema instanceof z.ZodType ? parseWith(schema, value ?? {}) : value;
  }
}
