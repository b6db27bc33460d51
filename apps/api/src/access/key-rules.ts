import { FieldErrors, GatewayProblem } from '@gateway/core';
import type { KeyOwner } from '@gateway/database';
import { ProviderDirectory } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { isGatewayAdmin, scopesToGive } from './may.js';

interface Wish {
  readonly client?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly allowedAccounts?: readonly string[] | undefined;
}

interface Rates {
  readonly requestsPerSecond?: number | undefined;
  readonly recipientsPerSecond?: number | undefined;
}

/** What one key may be given by another. */
@Injectable()
export class KeyRules {
  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws GatewayProblem `validation_failed`. */
  check(giver: KeyOwner, wish: Wish): void {
    const errors = new FieldErrors();
    this.checkRange(giver, wish, errors);
    if (wish.expiresAt && wish.expiresAt <= this.clock.now()) {
      errors.add('/expiresAt', 'in_the_past', 'must be in the future');
    }
    for (const [i, name] of (wish.allowedAccounts ?? []).entries()) {
      if (this.providers.find(name) !== undefined) continue;
      const known = this.providers.names.join(', ');
      errors.add(`/allowedAccounts/${i}`, 'unknown_reference', `unknown account; configured accounts: ${known}`);
    }
    errors.throwIfAny();
  }

  ratesOf({ requestsPerSecond, recipientsPerSecond }: Rates = {}) {
    return { requestsPerSecond: requestsPerSecond ?? null, recipientsPerSecond: recipientsPerSecond ?? null };
  }

  private checkRange(giver: KeyOwner, wish: Wish, errors: FieldErrors): void {
    if (wish.client !== undefined && wish.client !== giver.clientName && !isGatewayAdmin(giver)) {
      errors.add('/client', 'not_allowed', `must be "${giver.clientName}": your key administers this client only`);
    }
    const given = new Set(scopesToGive(giver));
    for (const [i, scope] of (wish.scopes ?? []).entries()) {
      if (!given.has(scope)) errors.add(`/scopes/${i}`, 'not_allowed', 'is a scope that your key does not have');
    }
  }
}

export function lastAdmin(): GatewayProblem {
  const detail =
    'is the last key of client "default" with the scope "admin" and without an end; make another one first';
  return new GatewayProblem('validation_failed', `/id: ${detail}`, {
    fieldErrors: [{ pointer: '/id', code: 'not_allowed', detail }],
  });
}
