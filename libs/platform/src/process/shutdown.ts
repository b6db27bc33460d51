export interface ShutdownOptions {
  /** The process ends after this even if the handler hangs. */
  readonly deadlineMs?: number;
  /** Told of what went wrong while stopping. */
  readonly onError?: (error: unknown) => void;
}

export type ShutdownReason = NodeJS.Signals | 'parent gone';

const DEFAULT_DEADLINE_MS = 30_000;

/**
 * Runs the handler once, on the first SIGTERM, SIGINT, SIGHUP (its terminal was closed) or loss of the parent's IPC channel, then exits with code 0
 * (1 when the handler failed or the deadline passed). Further signals are heard and ignored: a second Ctrl-C must not
 * cut off what is being finished.
 */
export const onShutdown = (handler: (reason: ShutdownReason) => Promise<void>, options: ShutdownOptions = {}): void => {
  let begun = false;
  const begin = (reason: ShutdownReason): void => {
    if (begun) return;
    begun = true;
    setTimeout(() => process.exit(1), options.deadlineMs ?? DEFAULT_DEADLINE_MS).unref();
    handler(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        options.onError?.(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => begin(signal));
  whenParentDies(() => begin('parent gone'));
};

/**
 * Calls back when the parent that spawned this process with an IPC channel is gone, however it ended. A process without
 * a channel (started by hand, by a container) gets no call. The channel alone does not keep the process running.
 */
export const whenParentDies = (callback: () => void): void => {
  if (!process.connected) {
    // `send` shows that there was a channel: the parent died before this call.
    if (process.send !== undefined) setImmediate(callback);
    return;
  }
  process.once('disconnect', callback);
  process.channel?.unref();
};
