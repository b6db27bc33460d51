/** How an attempt ended. An attempt that is still under way has no outcome. */
export const attemptOutcomes = ['accepted', 'refused', 'unconfirmed', 'adopted', 'absent'] as const;

export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const attemptOutcomeMeanings: Readonly<Record<AttemptOutcome, string>> = {
  accepted: 'The provider accepted the request.',
  refused: 'The provider refused the request with an answer that its documentation defines as a refusal.',
  unconfirmed: 'The answer never arrived or could not be understood, so the provider may have accepted the request.',
  adopted: 'The request was unconfirmed, and a look-up found it at the provider.',
  absent: 'The request was unconfirmed, and repeated look-ups did not find it at the provider.',
};
