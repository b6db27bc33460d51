import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from './access.js';
import { SCOPE, type Scope } from './scopes.js';

/** Lets a request pass whose key has the scope of the call. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope === undefined) return true;
    const owned = ownerOf(context.switchToHttp().getRequest<FastifyRequest>()).scopes;
    if (owned.includes(scope) || owned.includes('admin')) return true;
    throw new GatewayProblem('forbidden', `This call needs a key with the scope "${scope}".`);
  }
}
