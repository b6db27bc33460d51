import { FieldErrors, GatewayProblem } from '@gateway/core';
import type { ApiKeyRow, KeyChanges, KeyOwner } from '@gateway/database';
import { ProviderDirectory } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { isGatewayAdmin, scopesToGive } from '../may.js';
import { loosened, outside, type Given, type SendingLimits } from './within-limits.js';

interface Wish extends Given<SendingLimits> {
  readonly client?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: Date | null | undefined;
}

interface Rates {
  readonly requestsPerSecond?: number | undefined;
  readonly recipientsPerSecond?: number | undefined;
}

/** Limits of a new key unless the request gives others. */
export const UNLIMITED: SendingLimits = { allowedFrom: [], allowedAccounts: [], needsRelease: false };

/** Decides which scopes and limits a key may give to another, and to itself. */
@Injectable()
export class KeyRules {
  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param wish members that are not given stay as they are. @throws GatewayProblem `validation_failed`. */
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
    for (const { pointer, detail } of outside(giver, wish)) errors.add(pointer, 'not_allowed', detail);
    errors.throwIfAny();
  }

  /**
   * A key does not loosen its own limits, even those that it may leave out for others: a thief of the key could.
   * @throws GatewayProblem `validation_failed`.
   */
  checkOwn(owner: KeyOwner, changes: KeyChanges): void {
    const errors = new FieldErrors();
    for (const pointer of loosened(owner, changes, this.clock.now())) {
      errors.add(pointer, 'not_allowed', 'a key may not loosen its own limits; use the key of another administrator');
    }
    errors.throwIfAny();
  }

  /**
   * Rotating another key shows its secret, so that key may do nothing that the caller may not.
   * @throws GatewayProblem `forbidden`.
   */
  checkRotation(owner: KeyOwner, id: string, row: ApiKeyRow): void {
    if (id === owner.keyId) return;
    const given = new Set(scopesToGive(owner));
    if (row.scopes.every((scope) => given.has(scope)) && outside(owner, row).length === 0) return;
    const detail = 'The key may do more than yours, so that you may revoke it, but not rotate it.';
    throw new GatewayProblem('forbidden', detail);
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
