import { FieldErrors, GatewayProblem } from '@gateway/core';
import { AuditRepository, Database } from '@gateway/database';
import { maskAddresses } from '@gateway/platform';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Audited } from '../../audit/audited.js';
import { TakesJson, withRules } from '../../http/route-rules.js';
import { NeedsScope } from '../../http/scopes.js';
import { SHOWS_ADDRESSES } from '../may.js';
import { sessionToken } from '../session/session-cookie.js';
import { unseal, type SealedAddress } from './sealed-address.js';

/** More than a page of the console shows. */
const MOST = 1000;
const LARGEST_BYTES = 3_000_000;
/** Addresses that an entry of the audit log lists; it counts them all. */
const LISTED = 100;

const reveal = z.strictObject({ sealed: z.array(z.string().max(3000)).min(1).max(MOST) });

/** Masked addresses of the console, in clear. No address is shown before the audit log says who has seen it. */
@ApiExcludeController()
@Controller('dashboard/reveal')
@NeedsScope(SHOWS_ADDRESSES)
// Addresses leave it in clear.
@withRules({ hasNoPeople: true })
export class RevealController {
  constructor(
    private readonly database: Database,
    private readonly entries: AuditRepository,
  ) {}

  @Post()
  @HttpCode(200)
  @TakesJson(LARGEST_BYTES)
  @Audited('recipient.reveal')
  async reveal(
    @Body({ schema: reveal }) { sealed }: z.output<typeof reveal>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.headers['idempotency-key'] !== undefined) throw notRepeatable();
    const opened = openAll(sealed, sessionToken(request));
    await this.database.transaction((tx) => {
      this.entries.record(tx, { action: 'recipient.reveal', ...actOf(opened) });
      return Promise.resolve();
    });
    await reply.header('cache-control', 'no-store').send({ addresses: opened.map(({ address }) => address) });
  }
}

/** @throws GatewayProblem for addresses that this session was not shown. */
function openAll(sealed: readonly string[], token: string | undefined): readonly SealedAddress[] {
  if (token === undefined) {
    throw new GatewayProblem('forbidden', 'Only a session of the console reveals addresses: a key gets them unmasked.');
  }
  const errors = new FieldErrors();
  const opened = sealed.flatMap((each, index) => {
    const found = unseal(each, token);
    if (found === undefined) errors.add(`/sealed/${index}`, 'not_allowed', 'was not shown to this session');
    return found ?? [];
  });
  errors.throwIfAny();
  return opened;
}

/** The addresses are masked as they are written. */
function actOf(opened: readonly SealedAddress[]): { target: string; after: Record<string, unknown> } {
  const places = [...new Set(opened.map(({ place }) => place))];
  const addresses = [...new Set(opened.map(({ address }) => maskAddresses(address)))].slice(0, LISTED);
  return { target: targetOf(places), after: { count: opened.length, addresses, places } };
}

const ID = /\/([a-z]{3}_[0-9a-z]{26})(?=\/|$)/g;

/** The message, contact or delivery that showed them, else the list. */
function targetOf([place = '']: readonly string[]): string {
  return [...place.matchAll(ID)].at(-1)?.[1] ?? place;
}

const notRepeatable = (): GatewayProblem =>
  new GatewayProblem('idempotency_key_invalid', 'Revealing takes no Idempotency-Key: the audit log has each time.');
