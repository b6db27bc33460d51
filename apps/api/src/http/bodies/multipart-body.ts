import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { FieldErrors, GatewayProblem, pointerSegment, type FieldErrorCode } from '@gateway/core';
import { boundaryOf, readPartHead, type PartHead, type PartHeader } from './multipart-part.js';

/** The file of a multipart body. */
export interface FilePart {
  /** As the caller wrote it. */
  readonly name: string;
  readonly declaredType: string;
  /** To be read once. Ends only when the whole body has ended well. */
  readonly content: AsyncIterable<Buffer>;
}

export interface MultipartRules {
  /** The only part that is taken: a file. */
  readonly field: string;
  readonly maxFileBytes: number;
  readonly maxBodyBytes: number;
}

const MAX_HEADERS = 20;
const MAX_PARTS = 20;

/** A multipart body with one file in it, read as it arrives: with back-pressure, and without keeping any of it. */
export class MultipartBody {
  private readonly errors = new FieldErrors();
  private readonly hash = createHash('sha256');
  private opened: Promise<FilePart> | undefined;
  private ended: Promise<void> = Promise.resolve();
  private file: Readable | undefined;
  private parts = 0;
  /** Has reading stopped before the end of the body? */
  private stopped = false;

  constructor(
    private readonly payload: Readable,
    private readonly contentType: string,
    private readonly rules: MultipartRules,
  ) {}

  /**
   * Reads as far as to the content of the file.
   * @throws GatewayProblem when it is no multipart body, or other parts come first, or no file does.
   */
  open(): Promise<FilePart> {
    this.opened ??= this.findFile();
    return this.opened;
  }

  /** Reads the rest, to compare the file with an earlier one. Boundaries differ each time, so they don't count. */
  async digest(): Promise<Buffer> {
    const { content } = await this.open();
    for await (const _ of content) continue;
    return this.hash.copy().digest();
  }

  /** Drops the rest of the body, so that its sender can read the answer. */
  discard(): void {
    this.file?.resume();
    if (this.stopped) this.payload.resume();
  }

  private async findFile(): Promise<FilePart> {
    const parser = newParser(this.contentType);
    const found = new Promise<FilePart>((resolve) => {
      parser.on('part', (part) => {
        // A fault of a part is reported to its reader, and ends the body.
        part.on('error', () => undefined);
        part.on('header', (header: object) => {
          const head = readPartHead(header as PartHeader);
          if (this.takes(head)) resolve(this.fileOf(head, part));
          else part.resume();
        });
      });
    });
    this.ended = this.feed(parser);
    this.ended.catch((error: unknown) => this.file?.destroy(error as Error));
    const file = await Promise.race([found, this.ended.then(() => undefined)]);
    if (file !== undefined && this.errors.count === 0) return file;
    if (this.errors.count === 0)
      this.refuse(this.rules.field, 'required', 'a part with this name and a file is needed');
    this.discard();
    this.errors.throwIfAny();
    throw new Error('a form without a file and without a field error');
  }

  private takes({ field, fileName, fault }: PartHead): boolean {
    this.parts += 1;
    const { field: wanted } = this.rules;
    if (field !== wanted) this.refuse(field, 'unknown_field', 'is not a part of this form');
    else if (fileName === undefined) this.refuse(field, 'invalid_type', 'must be a file, with a file name');
    else if (fault !== undefined) this.refuse(field, 'not_allowed', fault);
    else if (this.file !== undefined) this.refuse(field, 'too_many', 'one request takes one file');
    else return true;
    return false;
  }

  private refuse(field: string, code: FieldErrorCode, detail: string): void {
    this.errors.add(`/${pointerSegment(field.slice(0, 100))}`, code, detail);
  }

  private fileOf({ fileName: name = '', declaredType }: PartHead, part: Readable): FilePart {
    this.file = part;
    this.hash.update(`${name}\n${declaredType}\n`);
    return { name, declaredType, content: this.contentOf(part) };
  }

  private async feed(parser: Dicer): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      parser.once('finish', resolve);
      parser.once('error', (error) => reject(malformed(error)));
    });
    finished.catch(() => undefined);
    let bytes = 0;
    // An aborted body stays readable to HTTP, or the answer could not be sent.
    for await (const chunk of this.payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      this.stopped = bytes > this.rules.maxBodyBytes || this.parts > MAX_PARTS;
      if (this.stopped) throw this.parts > MAX_PARTS ? malformed('too many parts') : this.tooLarge();
      await Promise.race([finished, new Promise<void>((resolve) => void parser.write(chunk, () => resolve()))]);
    }
    parser.end();
    await finished;
  }

  private async *contentOf(part: Readable): AsyncGenerator<Buffer> {
    let bytes = 0;
    try {
      for await (const chunk of part.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > this.rules.maxFileBytes) throw this.tooLarge();
        this.hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      if (error instanceof GatewayProblem || this.payload.errored !== null) throw error;
      throw malformed(error);
    } finally {
      part.resume();
    }
    await this.ended;
    this.errors.throwIfAny();
  }

  private tooLarge(): GatewayProblem {
    return new GatewayProblem('body_too_large', `A file has at most ${this.rules.maxFileBytes} bytes.`);
  }
}

const malformed = (cause: unknown): GatewayProblem =>
  new GatewayProblem('malformed_json', 'The body is not the multipart form that its content type promises.', { cause });

function newParser(contentType: string): Dicer {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw malformed('no boundary');
  return new Dicer({ boundary, maxHeaderPairs: MAX_HEADERS });
}
