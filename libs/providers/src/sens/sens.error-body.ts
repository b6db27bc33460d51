/** Parts of an error, in whichever of the three shapes of sens.md §1.4 it came. */
interface ErrorParts {
  readonly code: string | undefined;
  readonly messages: readonly unknown[];
  /** Paths of the fields that are refused. */
  readonly fields: readonly string[];
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (...values: readonly unknown[]): string | undefined =>
  values.map((value) => (typeof value === 'number' ? String(value) : value)).find(isText);

/**
 * A: `{error: {errorCode, message, detail, fieldErrors}}`; B: `{status, error, message}`, which is also documented as
 * `{status, errors, errorMessage}`; C: `{error: {errorCode, message}}`. v1 says `code` and `details`.
 */
export function readErrorBody(body: unknown): ErrorParts {
  if (!isObject(body)) return { code: undefined, messages: [], fields: [] };
  const error = isObject(body['error']) ? body['error'] : {};
  const fieldErrors: readonly unknown[] = Array.isArray(error['fieldErrors']) ? error['fieldErrors'] : [];
  return {
    code: textOf(error['errorCode'], error['code'], body['error'], body['errors'], body['status']),
    messages: [
      error['message'] ?? body['message'] ?? body['errorMessage'],
      error['detail'] ?? error['details'],
      fieldErrors.slice(0, 3).map(wordsOfField).filter(isText).join(', '),
    ],
    fields: fieldErrors.map(pathOf).filter(isText),
  };
}

/** The members of an entry are not documented. */
const pathOf = (entry: unknown): string | undefined =>
  isObject(entry)
    ? textOf(entry['field'], entry['fieldName'], entry['name'], entry['path'])
    : /^\s*([\w[\].]+)/.exec(textOf(entry) ?? '')?.[1];

const wordsOfField = (entry: unknown): string | undefined =>
  isObject(entry)
    ? [pathOf(entry), textOf(entry['message'], entry['reason'], entry['defaultMessage'])].filter(isText).join(': ')
    : textOf(entry);
