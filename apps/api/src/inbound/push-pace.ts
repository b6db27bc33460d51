import { GatewayProblem } from '@gateway/core';

export interface PushLimits {
  /** Pushes of one account that are read per second, and at once after a quiet time. */
  readonly pushesPerSecond: number;
  readonly pushesAtOnce: number;
  /** Bytes of their bodies, the same. */
  readonly bytesPerSecond: number;
  readonly bytesAtOnce: number;
}

const MIB = 1024 * 1024;

/** Ten times what a vendor sends at full speed. Reading that much JSON takes a tenth of a processor. */
const LIMITS: PushLimits = {
  pushesPerSecond: 200,
  pushesAtOnce: 1000,
  bytesPerSecond: 8 * MIB,
  bytesAtOnce: 32 * MIB,
};

interface Room {
  pushes: number;
  bytes: number;
  at: number;
}

/**
 * How many pushes each account may send to this process. Whoever knows the path of an account can send them, so they are
 * counted before they are read: what is too much costs a refusal, and none of the time of others.
 */
export class PushPace {
  /** Of configured accounts only: their tokens are checked before. */
  private readonly rooms = new Map<string, Room>();

  constructor(
    private readonly limits = LIMITS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Before a push is read. @throws GatewayProblem `rate_limited` */
  enter(account: string): void {
    const room = this.roomOf(account);
    if (room.pushes < 1 || room.bytes <= 0) {
      throw new GatewayProblem('rate_limited', 'This account gets too many pushes. Push again later.', {
        retryAfterSeconds: 1,
      });
    }
    room.pushes -= 1;
  }

  /** What was read. One large body may take more than there is: the next ones wait for it. */
  count(account: string, bytes: number): void {
    this.roomOf(account).bytes -= bytes;
  }

  private roomOf(account: string): Room {
    const { pushesPerSecond, pushesAtOnce, bytesPerSecond, bytesAtOnce } = this.limits;
    const now = this.now();
    const room = this.rooms.get(account) ?? { pushes: pushesAtOnce, bytes: bytesAtOnce, at: now };
    const seconds = (now - room.at) / 1000;
    room.pushes = Math.min(pushesAtOnce, room.pushes + seconds * pushesPerSecond);
    room.bytes = Math.min(bytesAtOnce, room.bytes + seconds * bytesPerSecond);
    room.at = now;
    this.rooms.set(account, room);
    return room;
  }
}
