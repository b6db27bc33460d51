import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { callsOf, type Call, type OpenApi } from '../support/open-api.js';

export interface DocumentedCall extends Call {
  /** Every example of a body, by its media type. */
  readonly bodies: readonly { readonly mediaType: string; readonly value: unknown; readonly schema: unknown }[];
}

/** The promises of `/openapi.json`: the calls, and the shapes of their answers. */
export class Document {
  readonly calls: readonly DocumentedCall[];
  readonly schemas: Readonly<Record<string, unknown>>;
  private readonly ajv: Ajv2020;
  private readonly document: OpenApi;
  private readonly validators = new Map<string, ValidateFunction | undefined>();

  constructor(document: OpenApi) {
    this.document = document;
    this.schemas = document.components.schemas;
    this.calls = callsOf(document).map((call) => ({ ...call, bodies: bodiesOf(call) }));
    // Schemas of OpenAPI carry keywords (`example`, `discriminator`) that JSON Schema does not have.
    this.ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: 'urn:gateway:openapi', ...(document as object) });
  }

  /** Names of all scopes that a key can have. */
  get scopes(): readonly string[] {
    const schema = this.schemas['CreateApiKey'] as ScopeSchema;
    return schema.properties.scopes.items.enum;
  }

  /** Fault of an answer's body by the schema of its status; `undefined` if it matches. */
  mismatch(call: DocumentedCall, status: number, mediaType: string, body: unknown): string | undefined {
    const answer = call.operation.responses[String(status)];
    if (answer === undefined) return `status ${status} is not documented for ${call.operation.operationId}`;
    const types = Object.keys(answer.content ?? {});
    if (types.length === 0 || types.includes('*/*')) return undefined;
    if (!types.includes(mediaType)) return `media type "${mediaType}" is not documented, only ${types.join(', ')}`;
    if (mediaType !== 'application/json') return undefined;
    const place = ['paths', call.path, call.method.toLowerCase(), 'responses', String(status), 'content', mediaType];
    const wrong = this.wrongBy(`${pointerTo(place)}/schema`, body);
    return wrong === undefined ? undefined : `${call.operation.operationId}: ${wrong}`;
  }

  /** Fault of a problem document; `undefined` if it is valid. */
  wrongProblem(body: unknown): string | undefined {
    return this.wrongBy('/components/schemas/Problem', body);
  }

  private wrongBy(pointer: string, body: unknown): string | undefined {
    if (!this.validators.has(pointer)) {
      this.validators.set(pointer, this.ajv.compile({ $ref: `urn:gateway:openapi#${pointer}` }));
    }
    const validate = this.validators.get(pointer);
    if (validate === undefined || validate(body)) return undefined;
    return this.ajv.errorsText(validate.errors, { dataVar: 'body' }).slice(0, 300);
  }
}

interface ScopeSchema {
  readonly properties: { readonly scopes: { readonly items: { readonly enum: readonly string[] } } };
}

const pointerTo = (names: readonly string[]): string =>
  names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

const bodiesOf = ({ operation }: Call): DocumentedCall['bodies'] =>
  Object.entries(operation.requestBody?.content ?? {}).flatMap(([mediaType, { schema, examples = {} }]) =>
    Object.values(examples).map(({ value }) => ({ mediaType, value, schema })),
  );
