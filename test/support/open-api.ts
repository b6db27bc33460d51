import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FORM = 'multipart/form-data';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly style?: string;
  readonly description?: string;
  readonly schema: { readonly type?: string; readonly default?: unknown; readonly examples?: readonly unknown[] };
  readonly example?: unknown;
}

interface Content {
  readonly schema: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface DocumentedAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, Content>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
    readonly schemas: Readonly<Record<string, unknown>>;
  };
}

/** One call of the document. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** Open without a key. */
  readonly open: boolean;
}

export const callsOf = (document: OpenApi): Call[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      open: operation.security?.length === 0,
    })),
  );

/** The path of a call with its examples, as a reader of the document would fill them in. */
export function examplePath({ path, operation }: Call): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, example, style } of operation.parameters) {
    if (place === 'path') filled = filled.replace(`{${name}}`, String(example));
    const isFilledIn = place === 'query' && (typeof example === 'string' || typeof example === 'number');
    if (isFilledIn && style === undefined) query.set(name, String(example));
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

export interface ExampleRequest {
  readonly value?: unknown;
  readonly options: { readonly body?: string | FormData; readonly headers?: Readonly<Record<string, string>> };
}

/** One for every example of a body, or one without a body. */
export function exampleRequests({ operation }: Call): readonly ExampleRequest[] {
  if (operation.requestBody === undefined) return [{ options: {} }];
  return Object.entries(operation.requestBody.content).flatMap(([mediaType, { examples = {} }]) =>
    Object.values(examples).map(({ value }) => ({
      value,
      options:
        mediaType === FORM ? { body: formOf(value) } : { body: textOf(value), headers: { 'content-type': mediaType } },
    })),
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The fields of a form in an example are files. */
function formOf(value: unknown): FormData {
  const form = new FormData();
  for (const [name, content] of Object.entries(value as Readonly<Record<string, string>>)) {
    form.append(name, new File([content], `${name}.txt`));
  }
  return form;
}

/** The document with what was really answered as one more example of the answer. */
export function withAnswer(
  document: OpenApi,
  { path, method, operation }: Call,
  { status, body }: { readonly status: number; readonly body: unknown },
): OpenApi {
  const copy = structuredClone(document);
  const content = copy.paths[path]?.[method.toLowerCase()]?.responses[String(status)]?.content ?? {};
  for (const place of Object.values(content)) {
    const { example, examples = { given: { value: example } } } = place;
    Reflect.deleteProperty(place, 'example');
    const name = `${operation.operationId}${Object.keys(examples).length}`;
    Object.assign(place, { examples: { ...examples, [name]: { value: body } } });
  }
  return copy;
}

/** Findings of `redocly lint` with the project's rules; empty for a good document. */
export function lint(document: unknown): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--format=json', '--config=redocly.yaml'],
      {
        encoding: 'utf8',
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NODE_OPTIONS: '' },
      },
    );
    return problemsIn(stdout, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface LintReport {
  readonly problems: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly location: readonly { readonly pointer?: string }[];
  }[];
}

function problemsIn(stdout: string, stderr: string): readonly string[] {
  if (!stdout.trimStart().startsWith('{')) throw new Error(`redocly did not report: ${stdout}${stderr}`);
  const { problems } = JSON.parse(stdout) as LintReport;
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
}
