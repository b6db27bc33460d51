import type { GatewayProblem } from '@gateway/core';
import { MAX_DOCUMENT_BYTES, toProblemDocument, type ProblemDocument } from '@gateway/platform';

/** The problems of all entries of one batch together are at most about this long. */
const MAX_BYTES = 1024 * 1024;
/** Kept for each entry that is still to come: its problem with the first field error. */
const RESERVE_BYTES = 900;

/** Writes the problems of a batch so that a thousand wrong entries do not make an answer a thousand times as long. */
export class BatchProblems {
  private left = MAX_BYTES;

  constructor(
    private entries: number,
    private readonly requestId: string,
  ) {}

  /** Call it once for each refused entry. */
  write(problem: GatewayProblem): ProblemDocument {
    this.entries -= 1;
    const room = Math.min(MAX_DOCUMENT_BYTES, this.left - this.entries * RESERVE_BYTES);
    const document = toProblemDocument(problem, this.requestId, room);
    this.left -= Buffer.byteLength(JSON.stringify(document));
    return document;
  }
}
