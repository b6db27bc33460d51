import { Inject, Injectable } from '@nestjs/common';
import { categories } from '@gateway/core';
import { type Month, type PlannedCategory, RetentionRepository } from '@gateway/database';
import { CONFIG, type GatewayConfig } from '@gateway/platform';

export interface PlannedMonth extends Month {
  readonly messages: number;
  /** Of them: erased already, or would be. */
  readonly passed: number;
  /** Would be dropped whole. */
  readonly goes: boolean;
}

export interface RetentionPlan {
  readonly categories: readonly PlannedCategory[];
  readonly months: readonly PlannedMonth[];
  /** Messages that would go altogether. */
  readonly drops: number;
}

/** Reports what a run would do now, by the same conditions. */
@Injectable()
export class PlanRetentionService {
  constructor(
    private readonly retention: RetentionRepository,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'retention'>,
  ) {}

  async execute(): Promise<RetentionPlan> {
    const { days, dropDays } = this.config.retention;
    const periods = categories.map((category) => ({ category, days: days[category] })).filter((p) => p.days > 0);
    // Only rows that are erased, or would be, are dropped.
    const drops = dropDays === 0 ? [] : periods.map(({ category }) => ({ category, days: dropDays }));
    const months: PlannedMonth[] = [];
    for (const month of periods.length === 0 ? [] : await this.retention.findMonths()) {
      months.push({ ...month, ...(await this.retention.planMonth(periods, month)) });
    }
    return {
      categories: await this.retention.planMessages(periods),
      months,
      drops: await this.retention.planDrops(drops),
    };
  }
}
