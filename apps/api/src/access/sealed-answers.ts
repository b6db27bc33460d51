import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { GatewayProblem } from '@gateway/core';
import { Injectable } from '@nestjs/common';
import { IdempotencyService, type FirstAnswer, type IdempotentRequest } from '@gateway/delivery';
import { completeAct, type Queryable } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from './access.js';
import { sessionToken } from './session/session-cookie.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * First answers that hold a secret. The stored answer is sealed with a key derived from the caller's own credential and
 * Idempotency-Key, which the gateway does not keep: only the caller of the first request can read its answer again.
 */
@Injectable()
export class SealedAnswers {
  constructor(private readonly idempotency: IdempotencyService) {}

  async once(
    request: FastifyRequest,
    idempotent: IdempotentRequest | undefined,
    work: (tx: Queryable) => Promise<FirstAnswer>,
  ): Promise<FirstAnswer> {
    const seal = sealKey(request.headers.authorization ?? sessionToken(request) ?? '', idempotent?.key ?? '');
    let fresh: FirstAnswer | undefined;
    const stored = await this.idempotency.once(ownerOf(request).clientId, idempotent, async (tx) => {
      fresh = await work(tx);
      completeAct(fresh);
      return { ...fresh, body: sealText(fresh.body, seal) };
    });
    return fresh ?? { ...stored, body: openFirstAnswer(stored.body, seal) };
  }
}

const sealKey = (credential: string, idempotencyKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', credential, idempotencyKey, 'sealed first answer', 32));

function sealText(text: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Another key of the same client can't read what was sealed for the first: to it, the key is taken. */
function openFirstAnswer(sealed: string, key: Buffer): string {
  try {
    return openText(sealed, key);
  } catch (error) {
    const detail = 'This Idempotency-Key came with another API key before; use a new one.';
    throw new GatewayProblem('idempotency_key_reused', detail, { cause: error });
  }
}

function openText(sealed: string, key: Buffer): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
