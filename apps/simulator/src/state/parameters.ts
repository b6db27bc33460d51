/** Values for substitution as the caller gave them. */
export type Parameters = Readonly<Record<string, unknown>>;
