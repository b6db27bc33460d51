/** How an attempt ended. An attempt that is still under way has no outcome. */
export const attemptOutcomes = ['accepted', 'refused', 'unconfirmed', 'adopted', 'absent'] as const;

export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const attemptOutcomeMeanings: Readonly<Record<AttemptOutcome, string>> = {
  accepted: 'The provider accepted the request.',
  refused: 'The provider refused the request with an answer that its documentation defines as a refusal.',
  unconfirmed: 'The answer never arrived or could not be understood, so the provider may have accepted the request.',
  adopted: 'The request was unconfirmed, and the provider turned out to have it.',
  absent: 'The request was unconfirmed, and the provider turned out not to have it.',
};
