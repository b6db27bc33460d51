import type { ServerResponse } from 'node:http';
import { GatewayProblem } from '@gateway/core';
import { Metrics } from '@gateway/platform';
import { Injectable } from '@nestjs/common';

/** Streams of one process: each is a connection that stays. */
const MOST = 2000;
const MOST_OF_CLIENT = 500;

/** A reader that takes nothing for so long is disconnected. It can resume where it was. */
const LONGEST_STALL_MS = 20_000;
const LOOK_MS = 5000;

/** The streams that are open in this process. */
@Injectable()
export class OpenStreams {
  private readonly byClient = new Map<string, number>();
  private count = 0;
  private readonly gauge;

  constructor(metrics: Metrics) {
    this.gauge = metrics.gauge('gateway_event_streams', 'Streams of events that are open in this process');
    this.gauge.set(0);
  }

  /** @returns what aborts when the reader is gone or takes nothing more. @throws GatewayProblem `overloaded`, `rate_limited` */
  open(clientId: string, response: ServerResponse): AbortSignal {
    const ofClient = this.byClient.get(clientId) ?? 0;
    if (this.count >= MOST) {
      throw new GatewayProblem('overloaded', `At most ${MOST} event streams are open at a time.`, {
        retryAfterSeconds: 10,
      });
    }
    if (ofClient >= MOST_OF_CLIENT) {
      throw new GatewayProblem(
        'rate_limited',
        `At most ${MOST_OF_CLIENT} event streams of a client are open at a time.`,
        {
          retryAfterSeconds: 10,
        },
      );
    }
    this.change(clientId, 1);
    const gone = new AbortController();
    const watch = setInterval(stallWatch(response), LOOK_MS);
    response.once('close', () => {
      clearInterval(watch);
      this.change(clientId, -1);
      gone.abort();
    });
    return gone.signal;
  }

  private change(clientId: string, by: 1 | -1): void {
    this.count += by;
    const left = (this.byClient.get(clientId) ?? 0) + by;
    if (left === 0) this.byClient.delete(clientId);
    else this.byClient.set(clientId, left);
    this.gauge.set(this.count);
  }
}

/** Disconnects a reader that has left what was written to it for too long. */
function stallWatch(response: ServerResponse): () => void {
  let [sent, stalledMs] = [0, 0];
  return () => {
    const { bytesWritten = 0, writableLength = 0 } = response.socket ?? {};
    const waiting = writableLength + response.writableLength;
    const taken = bytesWritten - waiting;
    stalledMs = waiting > 0 && taken === sent ? stalledMs + LOOK_MS : 0;
    sent = taken;
    if (stalledMs >= LONGEST_STALL_MS) response.destroy();
  };
}
