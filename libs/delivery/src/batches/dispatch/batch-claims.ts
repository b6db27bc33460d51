import { Injectable } from '@nestjs/common';
import { type BatchRow, BatchTransitions } from '@gateway/database';
import { Coalescer } from '../../shared/coalescer.js';

interface Claim {
  readonly batchIds: readonly string[];
  readonly leaseMs: number;
}

/** Claims of concurrent jobs, made together: one statement at a time, so the disk is waited for once. */
@Injectable()
export class BatchClaims {
  private readonly claims = new Coalescer((claims: readonly Claim[]) => this.claimTogether(claims), {
    atOnce: 1,
    most: 100,
  });

  constructor(private readonly transitions: BatchTransitions) {}

  /** As `BatchTransitions.claim`. */
  claim(batchIds: readonly string[], leaseMs: number): Promise<readonly BatchRow[]> {
    return this.claims.run({ batchIds, leaseMs });
  }

  /** Each row is given to the first caller that asked for it, because two jobs may carry the same batch. */
  private async claimTogether(claims: readonly Claim[]): Promise<readonly (readonly BatchRow[])[]> {
    const rows = new Map<string, BatchRow>();
    for (const [leaseMs, alike] of Map.groupBy(claims, (claim) => claim.leaseMs)) {
      const ids = alike.flatMap(({ batchIds }) => batchIds);
      for (const row of await this.transitions.claim(ids, leaseMs)) rows.set(row.id, row);
    }
    const take = (id: string): BatchRow[] => {
      const row = rows.get(id);
      return row !== undefined && rows.delete(id) ? [row] : [];
    };
    return claims.map(({ batchIds }) => batchIds.flatMap(take));
  }
}
