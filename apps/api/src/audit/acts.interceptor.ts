import { AuditRepository, withAct } from '@gateway/database';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { ownerOf } from '../access/access.js';
import { unsealedFor } from '../access/addresses/masked-answers.js';
import { rulesFor } from '../http/route-rules.js';

/** Runs the handler of an audited call as the act that it is. */
@Injectable()
export class ActsInterceptor implements NestInterceptor {
  constructor(private readonly entries: AuditRepository) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { audit } = rulesFor(request);
    if (audit === undefined) return next.handle();
    const { keyId, clientId, clientName: client } = ownerOf(request);
    const { action, members, outside } = audit;
    const actor = { keyId, clientId, client };
    const whole = { action, members, target: targetOf(request), actor, requestId: request.id };
    if (outside !== true) return withAct({ ...whole, state: 'pending' }, () => next.handle());
    // Its parts, where they are recorded, are of the same caller.
    return withAct({ ...whole, state: 'recorded' }, () => next.handle()).pipe(
      mergeMap(async (answer) => {
        const reply = context.switchToHttp().getResponse<FastifyReply>();
        if (!reply.hasHeader('idempotent-replayed')) await this.entries.recordAlone(whole, answer);
        return answer as unknown;
      }),
    );
  }
}

/** The thing that the path names, the innermost one first. */
function targetOf(request: FastifyRequest): string | undefined {
  const { deliveryId, id, name, address } = request.params as Readonly<Record<string, string | undefined>>;
  return deliveryId ?? id ?? name ?? (address && (unsealedFor(request, address) ?? address));
}
