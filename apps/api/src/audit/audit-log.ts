import { FieldErrors, decodeId } from '@gateway/core';
import { AuditRepository, LogHorizon, type AuditFilter, type AuditRow, type KeyOwner } from '@gateway/database';
import { maskAddresses } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { rangeOf } from '../access/may.js';
import type { AuditQuery } from './audit.schema.js';
import { presentEntry } from './audit.presenter.js';

const PAGE = 500;

/** Reads the audit log up to where no entry can still appear, so that a reader at its end misses none. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly entries: AuditRepository,
    private readonly horizon: LogHorizon,
  ) {}

  /** Newest first. */
  async page(
    owner: KeyOwner,
    query: AuditQuery,
    page: { before: number | undefined; limit: number },
  ): Promise<AuditRow[]> {
    const horizon = await this.horizon.current();
    const { filter, after } = await this.read(owner, query);
    const rows = await this.entries.findPage(filter, { horizon, ...page });
    return rows.filter(({ position }) => position > after);
  }

  /** Oldest first, as lines of JSON. */
  async *lines(owner: KeyOwner, query: AuditQuery): AsyncGenerator<string> {
    const horizon = await this.horizon.current();
    const { filter, after: from } = await this.read(owner, query);
    for (let after = from; ;) {
      const rows = await this.entries.findNext(filter, { horizon, after, limit: PAGE });
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(presentEntry(row))}\n`).join('');
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.position;
    }
  }

  /** An administrator of one client sees the acts of that client's keys. @throws GatewayProblem `validation_failed` */
  private async read(owner: KeyOwner, query: AuditQuery): Promise<{ filter: AuditFilter; after: number }> {
    const { since } = query;
    const filter = filterOf(owner, query);
    if (since === undefined || !('entry' in since)) return { filter, after: 0 };
    const after = await this.entries.findPosition(since.entry);
    const errors = new FieldErrors();
    if (after === undefined) errors.add('/since', 'unknown_reference', 'is not the id of an entry');
    errors.throwIfAny();
    return { filter, after: after ?? 0 };
  }
}

function filterOf(owner: KeyOwner, { actor, action, target, since }: AuditQuery): AuditFilter {
  const range = rangeOf(owner);
  const keyId = actor === undefined ? undefined : decodeId('apiKey', actor);
  return {
    clientId: range === 'all' ? undefined : range.clientId,
    ...(keyId === undefined ? { actor } : { keyId }),
    action,
    // Entries hold masked addresses only.
    target: target && maskAddresses(target),
    since: since && 'time' in since ? since.time : undefined,
  };
}
