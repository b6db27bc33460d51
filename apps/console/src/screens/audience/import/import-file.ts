import type { ImportResult, NewContact } from '@gateway/client';
import { gateway } from '../../../gateway/gateway';
import { recordsOf, type FileRecord } from './records';

/** Entries per request: so many that it is fast, and so few that the progress moves. */
const AT_ONCE = 500;
/** Errors that are kept for the list of them; a file with more is not the right file. */
const MOST_ERRORS = 50_000;
/** A database under load may need its time for a request. */
const SLOW = { timeoutMs: 60_000, deadlineMs: 120_000, maxRetries: 3 };

export interface RowError {
  readonly line: number;
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** The entry as the file has it. */
  readonly row: string;
}

export interface Progress {
  readonly bytes: number;
  readonly imported: number;
  readonly updated: number;
  readonly rejected: number;
  readonly errors: readonly RowError[];
}

const NOTHING: Progress = { bytes: 0, imported: 0, updated: 0, rejected: 0, errors: [] };

/**
 * Imports a file in parts, each of which is complete when it is reported: stopping leaves everything before. Importing
 * the file again updates what is there.
 *
 * @throws TypeError for a file that is not UTF-8, GatewayError when a part is refused as a whole
 */
export async function importFile(
  file: File,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<void> {
  const isCsv = !/\.(?:ndjson|jsonl)$/i.test(file.name);
  const read = { bytes: 0 };
  let progress = NOTHING;
  let header: FileRecord | undefined;
  let part: FileRecord[] = [];
  const send = async (): Promise<void> => {
    if (part.length > 0) progress = added(progress, await sendPart(part, header, signal));
    progress = { ...progress, bytes: read.bytes };
    part = [];
    onProgress(progress);
  };
  for await (const record of recordsOf(counted(file.stream(), read), isCsv)) {
    signal.throwIfAborted();
    if (isCsv && header === undefined) header = record;
    else part.push(record);
    if (part.length >= AT_ONCE) await send();
  }
  await send();
}

async function* counted(stream: ReadableStream<Uint8Array>, read: { bytes: number }): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    read.bytes += next.value.byteLength;
    yield next.value;
  }
}

type Part = Omit<Progress, 'bytes'>;

async function sendPart(
  part: readonly FileRecord[],
  header: FileRecord | undefined,
  signal: AbortSignal,
): Promise<Part> {
  const options = { ...SLOW, signal };
  if (header !== undefined) {
    const csv = [header.text, ...part.map(({ text }) => text)].join('\n');
    const lines = [header, ...part].flatMap((record) => record.text.split('\n').map(() => record));
    return resultOf(await gateway.contacts.importCsv(csv, options), (line) => lines[line - 1]);
  }
  const { contacts, errors } = parsed(part);
  if (contacts.length === 0) return { imported: 0, updated: 0, rejected: errors.length, errors };
  const result = await gateway.contacts.import(
    contacts.map(({ contact }) => contact),
    options,
  );
  const sent = resultOf(result, (line) => contacts[line - 1]?.record);
  return { ...sent, rejected: sent.rejected + errors.length, errors: [...errors, ...sent.errors] };
}

/** Lines that are no JSON are reported here, so that they do not cost the others of their part. */
function parsed(part: readonly FileRecord[]): {
  readonly contacts: readonly { readonly record: FileRecord; readonly contact: NewContact }[];
  readonly errors: readonly RowError[];
} {
  const contacts: { record: FileRecord; contact: NewContact }[] = [];
  const errors: RowError[] = [];
  for (const record of part) {
    try {
      contacts.push({ record, contact: JSON.parse(record.text) as NewContact });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      errors.push({ line: record.line, pointer: '', code: 'malformed_json', detail, row: record.text });
    }
  }
  return { contacts, errors };
}

const resultOf = (result: ImportResult, recordAt: (line: number) => FileRecord | undefined): Part => ({
  imported: result.imported,
  updated: result.updated,
  rejected: result.rejected,
  errors: result.errors.map(({ line = 0, pointer, code, detail }) => {
    const record = recordAt(line);
    return { line: record?.line ?? 0, pointer, code, detail, row: record?.text ?? '' };
  }),
});

const added = (before: Progress, part: Part): Progress => ({
  bytes: before.bytes,
  imported: before.imported + part.imported,
  updated: before.updated + part.updated,
  rejected: before.rejected + part.rejected,
  errors: before.errors.length >= MOST_ERRORS ? before.errors : [...before.errors, ...part.errors],
});
