import { Injectable } from '@nestjs/common';
import { decodeId, GatewayProblem } from '@gateway/core';
import {
  type ClientKey,
  completeAct,
  Database,
  IdempotencyRepository,
  type Queryable,
  type StoredAnswer,
  SubjectRepository,
} from '@gateway/database';
import type { PoolClient } from 'pg';
import { Coalescer } from './coalescer.js';

/** Answers to batches may be long. */
const READS = { atOnce: 2, most: 50 };

/** The caller's key, and a SHA-256 over method, path and body; hashing may have to read the body to its end. */
export interface IdempotentRequest {
  readonly key: string;
  readonly requestHash: () => Promise<Buffer>;
}

/** An answer as it is sent; `body` is JSON text. */
export interface FirstAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * The stored form of `body`, if it is another: the subject of a message stays with the message, where it can be
   * encrypted and erased, and is put back (`"subject":null`).
   */
  readonly kept?: string;
  /** True when it is the answer to an earlier request with the same key. */
  readonly replayed?: boolean;
}

/** Makes a request with an Idempotency-Key happen once: its answer is written in the transaction of what it made. */
@Injectable()
export class IdempotencyService {
  /** Callers who repeat what they sent often come many at once. */
  private readonly answerLookups: Coalescer<ClientKey, StoredAnswer | undefined>;
  private readonly subjectLookups: Coalescer<string, string | null>;

  constructor(
    private readonly database: Database,
    private readonly answers: IdempotencyRepository,
    private readonly subjects: SubjectRepository,
  ) {
    this.answerLookups = new Coalescer((keys) => answers.findMany(database.pool, keys), READS);
    this.subjectLookups = new Coalescer((ids) => subjects.findMany(database.pool, ids), READS);
  }

  /**
   * Runs `work` in a transaction, or answers as the first request with this key was answered.
   * @param how `repeatable` for work that is nothing but statements: a deadlock runs it again.
   * @throws GatewayProblem `idempotency_key_reused` (another body), `idempotency_in_flight` (still running).
   */
  async once(
    clientId: string,
    request: IdempotentRequest | undefined,
    work: (tx: PoolClient) => Promise<FirstAnswer>,
    how: 'transaction' | 'repeatable' = 'transaction',
  ): Promise<FirstAnswer> {
    if (request === undefined) return this.database[how]((tx) => told(work, tx));
    const earlier = await this.earlier(clientId, request);
    if (earlier !== undefined) return earlier;
    return this.database[how](async (tx) => {
      if (!(await this.answers.lock(tx, clientId, request.key))) throw inFlight();
      const meanwhile = await this.replay(clientId, request, tx);
      if (meanwhile !== undefined) return meanwhile;
      const answer = await told(work, tx);
      await this.store(tx, clientId, request, answer);
      return answer;
    });
  }

  /**
   * The same for work that calls another system first, without holding a transaction open. The work must be harmless to
   * repeat: two concurrent requests may both do it.
   * @param prepare returns what writes the result.
   */
  async onceOutside(
    clientId: string,
    request: IdempotentRequest | undefined,
    prepare: () => Promise<(tx: PoolClient) => Promise<FirstAnswer>>,
  ): Promise<FirstAnswer> {
    const earlier = request && (await this.earlier(clientId, request));
    return earlier ?? this.once(clientId, request, await prepare());
  }

  /** The answer to the first request with this key, where there was one. @throws GatewayProblem as `once`. */
  earlier(clientId: string, request: IdempotentRequest): Promise<FirstAnswer | undefined> {
    return this.replay(clientId, request);
  }

  /** The same after another request with this key came first. @throws GatewayProblem as `once`. */
  async answerOf(clientId: string, request: IdempotentRequest): Promise<FirstAnswer> {
    const earlier = await this.earlier(clientId, request);
    if (earlier === undefined) throw inFlight();
    return earlier;
  }

  /** @param tx of the caller's; without it the look-up is shared with other callers. */
  private async replay(clientId: string, request: IdempotentRequest, tx?: Queryable): Promise<FirstAnswer | undefined> {
    const { key } = request;
    const stored = await (tx ? this.answers.find(tx, clientId, key) : this.answerLookups.run({ clientId, key }));
    if (stored === undefined) return undefined;
    if (!stored.requestHash.equals(await request.requestHash())) {
      throw new GatewayProblem(
        'idempotency_key_reused',
        'This Idempotency-Key came with another request before; use a new key for a new request.',
      );
    }
    return this.withSubject(fromStored(stored), tx);
  }

  /** An erased message has none, and its answer says so. */
  private async withSubject(answer: FirstAnswer, tx?: Queryable): Promise<FirstAnswer> {
    const [, publicId = ''] = /^\/v1\/messages\/(msg_\w+)$/.exec(answer.headers['location'] ?? '') ?? [];
    const id = decodeId('message', publicId);
    if (id === undefined) return answer;
    // Answers of earlier versions have the subject of login mail.
    if (OF_LOGIN_MAIL.test(answer.body)) return { ...answer, body: answer.body.replace(SUBJECT, () => NO_SUBJECT) };
    if (!answer.body.includes(NO_SUBJECT)) return answer;
    const [subject = null] = tx ? await this.subjects.findMany(tx, [id]) : [await this.subjectLookups.run(id)];
    // A function, because a subject may have the `$` of a replacement pattern.
    return { ...answer, body: answer.body.replace(NO_SUBJECT, () => `"subject":${JSON.stringify(subject)}`) };
  }

  private async store(tx: Queryable, clientId: string, request: IdempotentRequest, answer: FirstAnswer): Promise<void> {
    await this.answers.insert(tx, clientId, request.key, {
      requestHash: await request.requestHash(),
      status: answer.status,
      headers: answer.headers,
      response: Buffer.from(keptBody(answer)),
    });
  }
}

const NO_SUBJECT = '"subject":null';
const SUBJECT = /"subject":"(?:[^"\\]|\\.)*"/;
const OF_LOGIN_MAIL = /^\{"id":"\w+","status":"\w+","category":"authentication"/;

export const keptBody = ({ body, kept }: FirstAnswer): string => kept ?? body;

/** The answer says what the request has made, which the audit log wants to know. */
async function told(work: (tx: PoolClient) => Promise<FirstAnswer>, tx: PoolClient): Promise<FirstAnswer> {
  const answer = await work(tx);
  completeAct(answer);
  return answer;
}

const fromStored = ({ status, headers, response }: StoredAnswer): FirstAnswer => ({
  status,
  headers,
  body: response.toString('utf8'),
  replayed: true,
});

const inFlight = (): GatewayProblem =>
  new GatewayProblem(
    'idempotency_in_flight',
    'The first request with this Idempotency-Key is still running; ask again for its answer.',
    { retryAfterSeconds: 1 },
  );
