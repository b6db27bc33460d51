import { Injectable } from '@nestjs/common';
import { FieldErrors, MAX_ATTACHMENTS_BYTES, encodeId, sizesOf, type AttachmentSizes } from '@gateway/core';
import { AttachmentRepository, type AttachmentRow, type Queryable } from '@gateway/database';
import { Coalescer } from '../shared/coalescer.js';

interface Wanted {
  readonly clientId: string;
  readonly ids: readonly string[];
}

/** The files that a message names: its client must have them, and together they must not be too large. */
@Injectable()
export class MessageAttachments {
  private readonly lookups = new Coalescer((wanted: readonly Wanted[]) => this.findTogether(wanted), {
    atOnce: 2,
    most: 100,
  });

  constructor(private readonly attachments: AttachmentRepository) {}

  /** @throws GatewayProblem `validation_failed` with a pointer to each file that there is not. */
  async sizes(clientId: string, ids: readonly string[], tx?: Queryable): Promise<AttachmentSizes> {
    if (ids.length === 0) return sizesOf([]);
    const found = tx ? this.attachments.findMany(clientId, ids, tx) : this.lookups.run({ clientId, ids });
    return together(ids, await found);
  }

  /**
   * Keeps the files of many messages until the transaction ends.
   * @returns the sizes of one message's files. @throws GatewayProblem as `sizes`.
   */
  async holdAll(
    tx: Queryable,
    clientId: string,
    all: readonly string[],
  ): Promise<(ids: readonly string[]) => AttachmentSizes> {
    if (all.length === 0) return (ids) => together(ids, []);
    await this.attachments.hold(tx, all);
    const found = await this.attachments.findMany(clientId, all, tx);
    return (ids) => together(ids, found);
  }

  /** Keeps files until the transaction ends. @returns those that have not been deleted. */
  async stillThere(tx: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(await this.attachments.hold(tx, ids));
  }

  /**
   * Keeps the files from being deleted until the message is written, which then keeps them.
   * @throws GatewayProblem `validation_failed` when one was deleted a moment ago.
   */
  async hold(tx: Queryable, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) refuseMissing(ids, await this.stillThere(tx, ids));
  }

  /** Mails of the same moment often carry the same files. */
  private async findTogether(wanted: readonly Wanted[]): Promise<readonly (readonly AttachmentRow[])[]> {
    const found = new Map<string, readonly AttachmentRow[]>();
    for (const [clientId, alike] of Map.groupBy(wanted, (each) => each.clientId)) {
      const ids = new Set(alike.flatMap((each) => each.ids));
      found.set(clientId, await this.attachments.findMany(clientId, [...ids]));
    }
    return wanted.map(({ clientId, ids }) => found.get(clientId)?.filter(({ id }) => ids.includes(id)) ?? []);
  }
}

function together(ids: readonly string[], found: readonly AttachmentRow[]): AttachmentSizes {
  const byId = new Map(found.map((file) => [file.id, file]));
  refuseMissing(ids, new Set(byId.keys()));
  const sizes = sizesOf(ids.flatMap((id) => byId.get(id) ?? []));
  if (sizes.totalBytes > MAX_ATTACHMENTS_BYTES) refuseTotal(sizes.totalBytes);
  return sizes;
}

function refuseMissing(ids: readonly string[], found: ReadonlySet<string>): void {
  const errors = new FieldErrors();
  for (const [i, id] of ids.entries()) {
    if (found.has(id)) continue;
    errors.add(`/attachments/${i}`, 'unknown_reference', `there is no attachment ${encodeId('attachment', id)}`);
  }
  errors.throwIfAny();
}

function refuseTotal(bytes: number): void {
  const errors = new FieldErrors();
  const detail = `must be at most ${MAX_ATTACHMENTS_BYTES} bytes together (are ${bytes})`;
  errors.add('/attachments', 'too_large', detail);
  errors.throwIfAny();
}
