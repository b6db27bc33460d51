import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas with a name of their own (`.meta({ id })`) become components, told once and referred to. */
export class SchemaComponents {
  readonly schemas: Record<string, JsonSchema> = {};

  /** OpenAPI 3.1 speaks JSON Schema 2020-12, which zod writes. */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: plainer(io) });
    const { $schema: _, $defs = {}, ...rest } = json;
    for (const [name, definition] of Object.entries($defs)) {
      this.schemas[name] = referringToComponents(definition) as JsonSchema;
    }
    return referringToComponents(rest) as JsonSchema;
  }
}

/** Leaves out what only makes the page longer: the bounds of a safe integer, the regular expression of a timestamp. */
const plainer =
  (io: 'input' | 'output') =>
  ({ zodSchema, jsonSchema: schema }: Overridden): void => {
    if (io === 'input') restoreInput(zodSchema, schema);
    if (schema.format === 'date-time') delete schema.pattern;
    if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
    if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
    // An answer may get more fields one day; a client that refuses them would break.
    if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
    if (schema.type === 'object') delete schema.propertyNames;
  };

interface Overridden {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** zod takes examples and defaults of what is transformed for those of the result; ours are of what callers send. */
function restoreInput(zodSchema: z.core.$ZodTypes, schema: z.core.JSONSchema.BaseSchema): void {
  const examples = z.globalRegistry.get(zodSchema)?.['examples'];
  if (schema.examples === undefined && Array.isArray(examples)) schema.examples = examples;
  const { def } = zodSchema._zod;
  if (def.type === 'default' && schema.default === undefined) schema.default = def.defaultValue;
}

function referringToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referringToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) =>
      key === '$ref' && typeof entry === 'string'
        ? [key, entry.replace('#/$defs/', '#/components/schemas/')]
        : [key, referringToComponents(entry)],
    ),
  );
}
