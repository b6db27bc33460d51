import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { GatewayProblem, type FieldErrorCode } from '@gateway/core';
import { AttachmentRepository, type AttachmentRow, type BegunAttachment, type Queryable } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { type FirstAnswer, IdempotencyService, type IdempotentRequest } from '../shared/idempotency.service.js';
import { judgeContent } from './content-type.js';
import { pieces } from './pieces.js';

/** A file as it arrives. */
export interface IncomingFile {
  readonly name: string;
  readonly declaredType: string;
  /** Read once. It fails when the upload breaks: then nothing of the file stays. */
  readonly content: AsyncIterable<Buffer>;
  /** Its position in the request. */
  readonly pointer: string;
}

export interface StoreCommand {
  readonly clientId: string;
  readonly file: IncomingFile;
  readonly idempotency: IdempotentRequest | undefined;
}

const PIECE_BYTES = 256 * 1024;

/** Stores a file piece by piece in one transaction: one piece in memory, all of the file or nothing. */
@Injectable()
export class StoreAttachmentService {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws GatewayProblem when the file is empty or a program, or the Idempotency-Key is in use. */
  async execute(
    { clientId, file, idempotency }: StoreCommand,
    present: (row: AttachmentRow) => FirstAnswer,
  ): Promise<FirstAnswer> {
    const rest = pieces(file.content, PIECE_BYTES);
    // Before the transaction: most files are one piece, which is then complete, however slow the upload.
    const first = await rest.next();
    return this.idempotency.once(clientId, idempotency, async (tx) => {
      if (first.done === true) throw refusal(file, 'required', 'the file is empty');
      return present(await this.store(tx, clientId, file, { first: first.value, rest }));
    });
  }

  private async store(
    tx: Queryable,
    clientId: string,
    file: IncomingFile,
    content: { readonly first: Buffer; readonly rest: AsyncIterable<Buffer> },
  ): Promise<AttachmentRow> {
    const { contentType, program } = await judgeContent(content.first, file.declaredType);
    if (program !== undefined) throw refusal(file, 'not_allowed', `the content is a program (${program})`);
    const { name } = file;
    const id = newUuid();
    const begun = await this.attachments.insert(tx, { id, clientId, name, contentType });
    const whole = await this.storeContent(tx, begun, content);
    return { id, name, contentType, size: whole.size, createdAt: await this.attachments.finish(tx, id, whole) };
  }

  private async storeContent(
    tx: Queryable,
    begun: BegunAttachment,
    { first, rest }: { readonly first: Buffer; readonly rest: AsyncIterable<Buffer> },
  ): Promise<{ readonly size: number; readonly sha256: Buffer }> {
    const hash = createHash('sha256').update(first);
    let size = first.length;
    let number = 0;
    await this.attachments.insertChunk(tx, begun, number, first);
    for await (const piece of rest) {
      number += 1;
      size += piece.length;
      hash.update(piece);
      await this.attachments.insertChunk(tx, begun, number, piece);
    }
    return { size, sha256: hash.digest() };
  }
}

const refusal = ({ pointer }: IncomingFile, code: FieldErrorCode, detail: string): GatewayProblem =>
  new GatewayProblem('validation_failed', `${pointer}: ${detail}`, { fieldErrors: [{ pointer, code, detail }] });
