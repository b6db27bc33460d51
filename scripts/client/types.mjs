import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const root = join(import.meta.dirname, '../..');

const HEADER = `/* eslint-disable */
// Generated from /openapi.json by "npm run client:types". Do not edit.

`;

/**
 * Only what is said of schemas, queries, bodies and successful answers. Examples name ids and times of a running gateway, so
 * they would differ each time.
 */
const plain = (document) => ({
  openapi: document.openapi,
  info: { title: document.info.title, version: document.info.version },
  paths: Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path, plainItem(item)])),
  components: { schemas: withoutExamples(document.components.schemas) },
});

const plainItem = (item) => Object.fromEntries(Object.entries(item).map(([method, call]) => [method, plainCall(call)]));

const plainCall = ({ operationId, parameters = [], requestBody, responses }) => ({
  operationId,
  parameters: withoutExamples(parameters.filter((parameter) => parameter.in !== 'header')),
  ...(requestBody && { requestBody: withoutExamples(requestBody) }),
  responses: Object.fromEntries(
    Object.entries(responses)
      .filter(([status]) => status < '300')
      .map(([status, { description, content }]) => [
        status,
        { description, ...(content && withoutExamples({ content })) },
      ]),
  ),
});

/** Properties may have any name, also `example`; so may media types, but none is named so. */
const withoutExamples = (node, named = false) => {
  if (Array.isArray(node)) return node.map((each) => withoutExamples(each));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => named || !['example', 'examples'].includes(name))
      .map(([name, value]) => [name, withoutExamples(value, name === 'properties' && !named)]),
  );
};

/** @returns the TypeScript source of an OpenAPI document's types. */
export const typesOf = async (document) => {
  const ast = await openapiTS(plain(document), { defaultNonNullable: false, emptyObjectsUnknown: true });
  // Callers name schemas and operations; `paths` would only repeat the operations.
  const text = astToString(ast)
    .replace(/^export interface paths \{[^]*?^\}\n/m, '')
    .replace(/^export type .* = Record<string, never>;\n/gm, '');
  const options = await prettier.resolveConfig(join(root, 'libs/client/src/openapi.ts'));
  return prettier.format(HEADER + text, { ...options, parser: 'typescript' });
};
