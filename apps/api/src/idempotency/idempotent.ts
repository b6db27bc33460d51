import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IdempotencyService, type IdempotentRequest } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ownerOf } from '../access/access.js';
import { idempotencyOf } from '../http/idempotency-key.js';

const REMEMBERS = 'remembers';

interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly key: IdempotentRequest;
}

/**
 * Honours the Idempotency-Key of a call whose handler returns its answer. The answer is stored after the handler has
 * ended, so this is for calls that may run twice without harm; a call that creates something stores its answer in the
 * transaction of what it creates (`IdempotencyService.once`).
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = idempotencyOf(request);
    const remembers = this.reflector.get<boolean>(REMEMBERS, context.getHandler());
    if (key === undefined || !remembers) return next.handle();
    return from(this.once({ request, reply: http.getResponse<FastifyReply>(), key }, next));
  }

  private async once({ request, reply, key }: Call, next: CallHandler): Promise<unknown> {
    const answer = await this.idempotency.onceOutside(ownerOf(request).clientId, key, async () => {
      const body = JSON.stringify(await lastValueFrom(next.handle()));
      return async () => ({ status: reply.statusCode, headers: {}, body });
    });
    if (answer.replayed) void reply.header('idempotent-replayed', 'true');
    return JSON.parse(answer.body) as unknown;
  }
}

/** The same Idempotency-Key gets the first answer again. */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(SetMetadata(REMEMBERS, true), UseInterceptors(IdempotencyInterceptor));

/** For a call that changes nothing: its Idempotency-Key is checked, and the call runs again. */
export const ChecksIdempotencyKey = (): MethodDecorator =>
  applyDecorators(SetMetadata(REMEMBERS, false), UseInterceptors(IdempotencyInterceptor));
