/**
 * The request certainly never left: no byte of it was written to a connection. Sending it again cannot repeat anything.
 * `cause` is the failure below (DNS, connect, TLS, abort while waiting for a connection).
 */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * Writing had begun and no complete answer came: the other side may have received and done what was asked.
 * Never send again on this alone.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}
