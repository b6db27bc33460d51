import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FieldErrors } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { faultsOfQuery } from './read-query.js';

/** Metadata of a documented call: whether it has query parameters. */
export const TAKES_QUERY = 'takesQuery';

/** Refuses a query that cannot be read, and any query where the call has no parameters. */
@Injectable()
export class QueryGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const takesQuery = this.reflector.get<boolean | undefined>(TAKES_QUERY, context.getHandler());
    // Routes outside the documented interface check their own queries.
    if (takesQuery === undefined) return true;
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    faultsOfQuery(query)?.throwIfAny();
    if (takesQuery) return true;
    const errors = new FieldErrors();
    for (const name of Object.keys(query as object))
      errors.addAt([name], 'unknown_field', 'this call has no parameters');
    errors.throwIfAny();
    return true;
  }
}
