import { GatewayProblem, encodeId } from '@gateway/core';
import type { KeyOwner, SessionTimes } from '@gateway/database';
import { Body, Controller, Delete, Get, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TakesJson } from '../../http/route-rules.js';
import { Callers } from '../callers.js';
import { RefusedSignIns } from './refused-sign-ins.js';
import { wholeGateway } from '../access.js';
import { isGatewayAdmin, scopesToGive } from '../may.js';
import { clearSessionCookie, requireSameOrigin, setSessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

const signIn = z.strictObject({ key: z.string().trim().min(1).max(255) });
const look = z.strictObject({ client: z.string().trim().min(1).max(100) });
const LARGEST_SIGN_IN_BYTES = 4096;

/** Sign-in of the console: an API key once, then a cookie that scripts cannot read. */
@ApiExcludeController()
@Controller('dashboard/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    private readonly callers: Callers,
    private readonly refused: RefusedSignIns,
  ) {}

  @Post()
  @TakesJson(LARGEST_SIGN_IN_BYTES)
  async signIn(
    @Body({ schema: signIn }) { key }: z.output<typeof signIn>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // A page of another site must not sign an operator in with a key of its own. Programs name no origin.
    if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
      requireSameOrigin(request);
    }
    // Two sign-ins are two sessions; a stored answer would hold a token.
    if (request.headers['idempotency-key'] !== undefined) throw notRepeatable();
    const owner = await this.identify(request, key);
    const session = await this.sessions.open(request, key, owner);
    setSessionCookie(request, reply, session.token);
    const clients = isGatewayAdmin(owner) ? await this.sessions.clientNames() : [owner.clientName];
    void reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...present(owner, session), clients });
  }

  @Get()
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(request, reply);
  }

  /** An administrator of the gateway looks at another client, as if with a key of that client. */
  @Patch()
  @TakesJson(LARGEST_SIGN_IN_BYTES)
  async lookAt(
    @Body({ schema: look }) { client }: z.output<typeof look>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = await this.sessions.find(request);
    const owner = session && (await this.callers.keyOwnerOf(session));
    if (session === undefined || owner === undefined) throw notSignedIn();
    if (!isGatewayAdmin(owner) && client !== owner.clientName) throw wholeGateway('Looking at another client');
    if (!(await this.sessions.lookAt(request, session, client))) throw unknownClient(client);
    await this.answer(request, reply);
  }

  @Delete()
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.sessions.close(request);
    clearSessionCookie(reply);
    void reply.code(204).send();
  }

  private async identify(request: FastifyRequest, key: string): Promise<KeyOwner> {
    try {
      return await this.callers.identify(request, key, unknownKey);
    } catch (error) {
      if (error instanceof GatewayProblem) await this.noteRefusal(request, key);
      throw error;
    }
  }

  private async noteRefusal(request: FastifyRequest, key: string): Promise<void> {
    const owner = await this.callers.ownerOf(request, key);
    const network = owner && { reason: 'network' as const, keyId: encodeId('apiKey', owner.keyId) };
    await this.refused.note(request, network ?? { reason: 'unknown' });
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = await this.sessions.find(request);
    if (session === undefined) throw notSignedIn();
    const owner = await this.callers.identify(request, undefined, notSignedIn);
    const own = await this.callers.keyOwnerOf(session);
    const clients = own && isGatewayAdmin(own) ? await this.sessions.clientNames() : [owner.clientName];
    void reply.header('cache-control', 'no-store').send({ ...present(owner, session), clients });
  }
}

/** The scopes that count, also those that an administrator has without their being listed. */
const present = (owner: KeyOwner, { createdAt, idleUntil }: SessionTimes) => ({
  keyId: encodeId('apiKey', owner.keyId),
  client: owner.clientName,
  scopes: scopesToGive(owner),
  createdAt: createdAt.toISOString(),
  idleUntil: idleUntil.toISOString(),
});

const unknownKey = (): GatewayProblem =>
  new GatewayProblem('unauthorized', 'This API key is unknown, revoked or expired.');

const notSignedIn = (): GatewayProblem =>
  new GatewayProblem('unauthorized', 'There is no session, or it has ended. POST /dashboard/session begins one.');

function unknownClient(name: string): GatewayProblem {
  const detail = `there is no client "${name}"`;
  return new GatewayProblem('validation_failed', `/client: ${detail}`, {
    fieldErrors: [{ pointer: '/client', code: 'unknown_reference', detail }],
  });
}

const notRepeatable = (): GatewayProblem =>
  new GatewayProblem(
    'idempotency_key_invalid',
    'A sign-in takes no Idempotency-Key: each one makes a session of its own.',
  );
