/** The time, injected, so that tests decide it. */
export interface Clock {
  now(): Date;
}

/** That of this machine: for those who ask for its time, such as a provider that checks when a request was signed. */
export const systemClock: Clock = { now: () => new Date() };
