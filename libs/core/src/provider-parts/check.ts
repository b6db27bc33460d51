/** What is learnt about an account. `ok`: as it should be; `warning`: mail goes, but not all of it, or not for ever. */
export type CheckOutcome = 'ok' | 'warning' | 'fault';

/** A fact about an account, for the people who set it up. */
export interface CheckFinding {
  /** What was asked for, e.g. `credentials`, `clock`, `quota`, `senders`, `templates`. */
  readonly subject: string;
  readonly outcome: CheckOutcome;
  /** What was learnt, as a sentence without a full stop. */
  readonly detail: string;
  /** What to do about it, if anything. */
  readonly advice?: string;
}

/** A harmless question to an account: it sends nothing, changes nothing and uses up nothing. */
export interface CheckStep {
  readonly subject: string;
  /**
   * @returns what the answer says.
   * @throws ProviderRefusedError for a definite no, ProviderUnavailableError when there was no usable answer.
   */
  ask(signal: AbortSignal): Promise<readonly CheckFinding[]>;
}

/** An optional part of a provider: how it is found out whether its settings work. */
export interface ProviderCheck {
  /** Proves the credentials, and that the clocks agree where that matters. Nothing else is asked when it fails. */
  readonly credentials: CheckStep;
  /** What only this vendor has. The parts of the port are asked anyway. */
  readonly more?: readonly CheckStep[];
}
