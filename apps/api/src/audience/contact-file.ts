import { FieldErrors, GatewayProblem, type FieldError } from '@gateway/core';
import type { ImportedRow } from '@gateway/database';
import type { ContactFile } from '@gateway/delivery';
import { newUuid } from '@gateway/platform';
import { readCsv, type CsvRecord } from '../http/bodies/csv.js';
import { addIssues } from '../http/fields/field-errors.js';
import { isBlank, readRawLines } from '../http/bodies/ndjson.js';
import { parseStrict } from '../http/bodies/strict-json.js';
import { contactInput } from './contacts.schema.js';

const LONGEST_LINE_BYTES = 256 * 1024;
const COLUMNS = ['externalId', 'name', 'address', 'groups'];

/** A row of a file before it is checked; `error` when it could not even be read. */
type Row = { readonly line: number } & ({ readonly value: unknown } | { readonly error: FieldError });

/** Contacts as NDJSON, one a line, as `POST /v1/contacts` takes them. */
export const jsonContacts = (body: AsyncIterable<Buffer>): ContactFile =>
  new CheckedRows(jsonRows(body), (pointer) => pointer);

/** Contacts as CSV with the columns `externalId`, `name`, `address` and `groups` (split by `;`), in any order. */
export const csvContacts = (body: AsyncIterable<Buffer>): ContactFile => new CheckedRows(csvRows(body), columnOf);

/** `/addresses/0` of a contact is in the column `address`. */
const columnOf = (pointer: string): string =>
  pointer.replace(/^\/addresses(\/.*)?$/, '/address').replace(/^\/groups\/.*$/, '/groups');

/** Checks rows one by one while they stream by; keeps of the bad ones only the first errors. */
class CheckedRows implements ContactFile {
  rejected = 0;
  private readonly faults = new FieldErrors();

  constructor(
    private readonly rows: AsyncIterable<readonly Row[]>,
    private readonly place: (pointer: string) => string,
  ) {}

  get errors(): readonly FieldError[] {
    return this.faults.all;
  }

  get errorCount(): number {
    return this.faults.count;
  }

  get pages(): AsyncIterable<readonly ImportedRow[]> {
    return this.read();
  }

  addressPointer = (index: number): string => this.place(`/addresses/${index}`);

  private async *read(): AsyncGenerator<readonly ImportedRow[]> {
    for await (const page of this.rows) {
      const good = page.map((row) => this.check(row)).filter((row) => row !== undefined);
      if (good.length > 0) yield good;
    }
  }

  private check(row: Row): ImportedRow | undefined {
    const { line } = row;
    if ('error' in row) return this.reject(line, [row.error]);
    const parsed = contactInput.safeParse(row.value, { reportInput: true });
    if (parsed.success) {
      const { externalId = null, name = null, addresses, groups = [], attributes = null } = parsed.data;
      return { line, id: newUuid(), externalId, name, addresses, groups, attributes };
    }
    const errors = new FieldErrors();
    addIssues(errors, parsed.error.issues);
    return this.reject(line, errors.all);
  }

  private reject(line: number, errors: readonly FieldError[]): undefined {
    this.rejected += 1;
    for (const { pointer, code, detail } of errors) this.faults.add(this.place(pointer), code, detail, line);
    return undefined;
  }
}

async function* jsonRows(body: AsyncIterable<Buffer>): AsyncGenerator<readonly Row[]> {
  for await (const page of readRawLines(body, LONGEST_LINE_BYTES)) {
    yield page.filter(({ bytes }) => !isBlank(bytes)).map(({ number, bytes }) => jsonRow(number, bytes));
  }
}

function jsonRow(line: number, bytes: Buffer): Row {
  try {
    return { line, value: parseStrict(bytes, 'The line', line) };
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
    const [fault] = error.fieldErrors;
    return { line, error: fault ?? { pointer: '', code: 'invalid_type', detail: 'is not a line of JSON' } };
  }
}

async function* csvRows(body: AsyncIterable<Buffer>): AsyncGenerator<readonly Row[]> {
  let columns: readonly string[] | undefined;
  for await (const page of readCsv(body)) {
    const head = columns === undefined ? page[0] : undefined;
    if (head !== undefined) columns = readHead(head);
    const names = columns ?? [];
    yield page.slice(head === undefined ? 0 : 1).map((record) => csvRow(record, names));
  }
  if (columns === undefined) {
    throw new GatewayProblem('malformed_json', `The body is empty; its first line is ${COLUMNS.join(',')}.`);
  }
}

/** @throws GatewayProblem when the first line does not name the columns: then no row can be understood. */
function readHead(head: CsvRecord): readonly string[] {
  const errors = new FieldErrors();
  const { line } = head;
  const columns = 'cells' in head ? head.cells.map((cell) => cell.trim()) : [];
  if ('problem' in head) errors.add('', 'invalid_type', head.problem, line);
  else if (!columns.includes('address')) {
    errors.add('/address', 'required', `the first line names the columns: ${COLUMNS.join(',')}`, line);
  }
  columns.forEach((name, i) => {
    if (!COLUMNS.includes(name)) errors.add('', 'unknown_field', `there is no column "${name.slice(0, 60)}"`, line);
    else if (columns.indexOf(name) < i) errors.add(`/${name}`, 'not_allowed', 'is given twice', line);
  });
  errors.throwIfAny();
  return columns;
}

function csvRow(record: CsvRecord, columns: readonly string[]): Row {
  const { line } = record;
  if ('problem' in record) return { line, error: { pointer: '', code: 'invalid_type', detail: record.problem } };
  const cell = (name: string): string => (record.cells[columns.indexOf(name)] ?? '').trim();
  const [externalId, name, groups] = [cell('externalId'), cell('name'), cell('groups')];
  return {
    line,
    value: {
      ...(externalId !== '' && { externalId }),
      ...(name !== '' && { name }),
      addresses: [cell('address')],
      groups: groups.split(';').filter((group) => group.trim() !== ''),
    },
  };
}
