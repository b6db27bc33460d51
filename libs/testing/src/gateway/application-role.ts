/** The role that gateways under test have: rows only, as in production. Tests themselves connect as a superuser. */
export const APPLICATION_ROLE = 'gateway_test_app';
/** Owns the tables of every test database. */
export const OWNER_ROLE = 'gateway_test_owner';

/** Both are made by test/support; their password is their name. */
export const asRole = (databaseUrl: string, role: string): string =>
  Object.assign(new URL(databaseUrl), { username: role, password: role }).href;

export const asApplication = (databaseUrl: string): string => asRole(databaseUrl, APPLICATION_ROLE);
