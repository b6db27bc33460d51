import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FieldErrors } from '@gateway/core';
import type { FastifyRequest } from 'fastify';

/** Metadata of a documented call: whether it has a body. */
export const TAKES_BODY = 'takesBody';

/** Refuses the fields of a body where the call has none, as those that a call does not know. `{}` is no body. */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const takesBody = this.reflector.get<boolean | undefined>(TAKES_BODY, context.getHandler());
    // Routes outside the documented interface check their own bodies.
    if (takesBody !== false) return true;
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body === undefined || body === null) return true;
    const errors = new FieldErrors();
    if (typeof body !== 'object' || Array.isArray(body)) errors.addAt([], 'invalid_type', 'this call has no body');
    else for (const name of Object.keys(body)) errors.addAt([name], 'unknown_field', 'this call has no fields');
    errors.throwIfAny();
    return true;
  }
}
