import type { OpenAPIObject } from '@nestjs/swagger';

/**
 * The same document with every answer that several operations share written once. Swagger UI walks through the whole
 * document each time a call is opened: most of it are the same problem answers, over and over.
 */
export function shareResponses(document: OpenAPIObject): OpenAPIObject {
  const names = new Map<string, string>();
  const responses: Record<string, object> = {};
  const share = (status: string, response: SharedResponse): object => {
    const text = JSON.stringify(response);
    const name = names.get(text) ?? `${status}.${names.size}`;
    names.set(text, name);
    responses[name] = withoutSchemas(response);
    return { $ref: `#/components/responses/${name}` };
  };
  const paths = mapValues(document.paths, (item) =>
    mapValues(item as Record<string, OperationWithResponses>, (operation) => ({
      ...operation,
      responses: mapEntries(operation.responses, (status, response) =>
        Number(status) >= 400 ? share(status, response) : response,
      ),
    })),
  );
  return { ...document, paths, components: { ...document.components, responses } } as OpenAPIObject;
}

/** The page shows the examples; working out the schema of a problem again for each of them takes it most of its time. */
function withoutSchemas(response: SharedResponse): object {
  const content = mapValues(response.content ?? {}, ({ examples }) => ({ examples }));
  return { ...response, content };
}

interface SharedResponse {
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>;
}

interface OperationWithResponses {
  readonly responses: Readonly<Record<string, SharedResponse>>;
}

const mapEntries = <A, B>(entries: Readonly<Record<string, A>>, change: (key: string, value: A) => B) =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(key, value)]));

const mapValues = <A, B>(entries: Readonly<Record<string, A>>, change: (value: A) => B) =>
  mapEntries(entries, (_key, value) => change(value));
