/** Environment variables by name. An absent one and an empty one mean the same: not set. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The environment of this process. The only place of the gateway that reads it. */
export const processEnv = (): Env => process.env;

/** Drops empty and blank values, so that `PORT=` in an env file means "the default". */
export const withoutEmpty = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
