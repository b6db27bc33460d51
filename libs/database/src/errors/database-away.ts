import { sqlStateOf } from './sql-state.js';

/**
 * SQLSTATE classes and codes of a server that is away, starting, stopping or full, or that ended an idle session; see
 * PostgreSQL's appendix A.
 */
const SQL_STATES = /^(08|57P0[1-5]|53|25P0[34])/;
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'ETIMEDOUT',
]);
/** A certificate that has expired meanwhile, or that another server has shown (Node's codes). */
const TLS_CODES = /^(CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)|SELF_SIGNED_CERT/;
/** Prisma's codes for a server that can't be reached, a connection that was closed, and a pool that is used up. */
const PRISMA_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);
const PG_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|The server does not support SSL)/;

/** Did this fail because PostgreSQL is not there for us at the moment? Then the same may work in a few seconds. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (SQL_STATES.test(sqlStateOf(error))) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (SOCKET_CODES.has(code) || TLS_CODES.test(code) || PRISMA_CODES.has(code)) return true;
  if (PG_WORDS.test(error.message)) return true;
  return error.cause !== undefined && isDatabaseAway(error.cause);
}

const POOL_WORDS = /^timeout exceeded when trying to connect/;

/** Did this fail because every connection of the pool was in use for too long? PostgreSQL itself may be well. */
export function isPoolExhausted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return POOL_WORDS.test(error.message) || isPoolExhausted(error.cause);
}
