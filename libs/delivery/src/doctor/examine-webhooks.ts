import { encodeId } from '@gateway/core';
import { WebhookWorkRepository } from '@gateway/database';
import { Inject, Injectable } from '@nestjs/common';
import { LATE_MS, type Examination, type Finding } from './finding.js';

/** Endpoints with events that no worker sends. A worker with the lane `upkeep` and the master key does. */
@Injectable()
export class ExamineWebhooks implements Examination {
  readonly check = 'webhooks';

  constructor(
    private readonly work: WebhookWorkRepository,
    @Inject(LATE_MS) private readonly lateMs: number,
  ) {}

  async *examine(): AsyncGenerator<Finding> {
    for (const id of await this.work.findForgotten(this.lateMs)) {
      const detail = `endpoint ${encodeId('webhookEndpoint', id)}: is there a worker with WEBHOOK_MASTER_KEY?`;
      yield { check: this.check, what: 'endpoint_without_worker', detail };
    }
  }
}
