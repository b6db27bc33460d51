import fc from 'fast-check';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
}

type Schemas = Readonly<Record<string, unknown>>;

/** Texts that many fields take. */
const TEXTS = [
  'kim@example.com',
  'Kim <kim@example.com>',
  'Hello',
  '안녕하세요 {{name}}',
  'vip',
  'ncp',
  'auto',
  'name',
  '1',
  'x',
];
const DEEPEST = 6;

/** Values that a schema of the document describes; most of them are valid. */
export function valueOf(given: unknown, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const schema = given as Schema;
  if (depth > DEEPEST) return fc.constant(null);
  if (schema.$ref !== undefined) return valueOf(schemas[schema.$ref.split('/').at(-1) ?? ''], schemas, depth);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valueOf(choice, schemas, depth + 1)));
  return fc.oneof(...typesOf(schema).map((type) => OF_TYPE[type]?.(schema, schemas, depth) ?? textOf(schema)));
}

const typesOf = ({ type = 'object' }: Schema): readonly string[] => (typeof type === 'string' ? [type] : type);

const number = ({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<unknown> =>
  fc.integer({ min: minimum, max: Math.min(maximum, 1_000_000) });

const OF_TYPE: Readonly<Record<string, (schema: Schema, schemas: Schemas, depth: number) => fc.Arbitrary<unknown>>> = {
  object: objectOf,
  array: listOf,
  integer: number,
  number,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
};

function listOf({ items = {}, minItems = 0, maxItems = 3 }: Schema, schemas: Schemas, depth: number) {
  const maxLength = Math.min(maxItems, Math.max(minItems, 3));
  return fc.array(valueOf(items, schemas, depth + 1), { minLength: Math.min(minItems, maxLength), maxLength });
}

function objectOf(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  const { properties, additionalProperties, required = [] } = schema;
  if (properties !== undefined) {
    const members = Object.entries(properties).map(([name, member]) => [name, valueOf(member, schemas, depth + 1)]);
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: [...required],
    });
  }
  const member = typeof additionalProperties === 'object' ? additionalProperties : { type: 'string' };
  return fc.dictionary(fc.constantFrom('name', 'order', 'a'), valueOf(member, schemas, depth + 1), { maxKeys: 2 });
}

function textOf({ examples = [], format }: Schema): fc.Arbitrary<unknown> {
  if (format === 'date-time') return fc.constantFrom('2026-11-20T00:00:00Z', '2027-01-01T09:00:00.000+09:00');
  return fc.constantFrom<unknown>(...examples, ...TEXTS);
}
