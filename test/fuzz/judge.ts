import { isUtf8 } from 'node:buffer';
import type { WireAnswer } from './answer-parser.js';
import type { Exchange } from './connection.js';
import type { Document } from './document.js';
import { IMPRECISE } from './plan/hostile-values.js';
import { headerOf, isFramed, type Wire } from './wire.js';

const LARGEST_PROBLEM = 64 * 1024;
const PROBLEM = 'application/problem+json';
/** Internals that belong in a log, never in an answer. */
const INTERNALS = /\bat .*\.(?:ts|js):\d|prisma|node_modules|ECONN|syntax error at or near|violates .* constraint/i;
const IS_JSON = /\bjson\b/i;

/** Codes that an overloaded gateway may answer, by status. */
const TURNED_AWAY: Readonly<Record<number, string>> = { 429: 'rate_limited', 503: 'overloaded' };

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
}

export const isTurnedAway = ({ status }: WireAnswer): boolean => TURNED_AWAY[status] !== undefined;

/** Everything that is wrong with an answer; empty for a good one. */
export function faultsOf({ wire, answer }: Exchange, document: Document): readonly string[] {
  // A readiness report says "down" with 503, in its own form.
  if (answer === undefined || (answer.status === 503 && wire.call?.path === '/health/ready')) return [];
  const faults = answer.status >= 400 ? problemFaults(wire, answer, document) : successFaults(wire, answer, document);
  if (!answer.headers.has('x-request-id')) faults.push(`${answer.status} without X-Request-Id`);
  return faults;
}

function problemFaults(wire: Wire, answer: WireAnswer, document: Document): string[] {
  const { status, body } = answer;
  const text = body.toString();
  if (status >= 500 && status !== 503) return [`${status}: ${text.slice(0, 300)}`];
  if (wire.method === 'HEAD') return [];
  const type = mediaTypeOf(answer);
  if (type !== PROBLEM)
    return [`${status} is "${type}", not a problem document: ${JSON.stringify(text.slice(0, 100))}`];
  const problem = parsed(text);
  const wrong = document.wrongProblem(problem);
  if (wrong !== undefined) return [`a problem document of another shape: ${wrong}`];
  return [
    ...(body.length > LARGEST_PROBLEM ? [`a problem document of ${body.length} bytes`] : []),
    ...contradictions(answer, problem as Problem),
    ...turnedAwayFaults(answer, problem as Problem),
    ...undocumented(wire, answer, document),
  ];
}

function contradictions({ status, headers }: WireAnswer, problem: Problem): string[] {
  const faults: string[] = [];
  if (problem.status !== status) faults.push(`status ${status}, but ${problem.status} in the document`);
  if (problem.instance !== headers.get('x-request-id')) faults.push('instance is not the X-Request-Id');
  if (!problem.type.endsWith(problem.code)) faults.push(`type ${problem.type} of code ${problem.code}`);
  if (INTERNALS.test(problem.detail)) faults.push(`internals in the detail: ${problem.detail.slice(0, 200)}`);
  return faults;
}

function turnedAwayFaults({ status, headers }: WireAnswer, { code }: Problem): string[] {
  const wanted = TURNED_AWAY[status];
  if (wanted === undefined) return [];
  if (code !== wanted) return [`${status} with code ${code}`];
  return Number(headers.get('retry-after')) > 0 ? [] : [`${status} without Retry-After`];
}

function undocumented(wire: Wire, { status }: WireAnswer, document: Document): string[] {
  if (wire.call === undefined || !isFramed(wire) || wire.call.open) return [];
  // Refusals by the HTTP server itself can happen to every call, and are documented nowhere.
  if ([400, 408, 413, 414, 417, 429, 431, 503].includes(status)) return [];
  const wrong = document.mismatch(wire.call, status, PROBLEM, {});
  return wrong === undefined ? [] : [wrong];
}

function successFaults(wire: Wire, answer: WireAnswer, document: Document): string[] {
  const faults = answer.status < 300 ? [...wronglyTaken(wire)] : [];
  if (wire.method === 'HEAD' || answer.status >= 300 || wire.call === undefined || !isFramed(wire)) return faults;
  const type = mediaTypeOf(answer);
  const body = IS_JSON.test(type) ? parsed(answer.body.toString()) : undefined;
  const wrong = document.mismatch(wire.call, answer.status, type, body);
  if (wrong !== undefined) faults.push(`${answer.status} not as documented: ${wrong}`);
  return faults;
}

/** Why a request must never be answered 2xx, whatever else is in it. */
function wronglyTaken(wire: Wire): readonly string[] {
  const isOpen = !wire.target.includes('/v1') || wire.call?.open === true;
  const keyless = !isOpen && (wire.key === 'none' || wire.key === 'wrong') ? [`taken with key: ${wire.key}`] : [];
  // A body that the call does not declare is not read.
  const isRead = wire.call?.operation.requestBody !== undefined && isFramed(wire) && wire.body.length > 0;
  return isRead ? [...keyless, ...wrongEncodings(wire), ...wrongJson(wire)] : keyless;
}

function wrongEncodings(wire: Wire): readonly string[] {
  const type = headerOf(wire, 'content-type') ?? '';
  const encoding = headerOf(wire, 'content-encoding') ?? 'identity';
  const charset = /charset="?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
  return [
    ...(/^\s*(?:identity)?\s*$/i.test(encoding) ? [] : [`taken with Content-Encoding ${encoding}`]),
    ...(/^utf-?8$/i.test(charset) || type.startsWith('multipart/') ? [] : [`taken as ${charset}`]),
  ];
}

/** Brackets within brackets, as the generator writes them. */
const TOO_DEEP = /(?:\[[^\]]?){64}|(?:\{[^}]{1,9}){64}/;

function wrongJson({ body, ...wire }: Wire): readonly string[] {
  if (!/^application\/json\s*(?:;|$)/i.test(headerOf({ ...wire, body }, 'content-type') ?? '')) return [];
  if (!isUtf8(body)) return ['taken although its bytes are not UTF-8'];
  // A byte order mark may be ignored (RFC 8259, section 8.1).
  const text = body.toString().replace(/^\ufeff/, '');
  return wrongText(text, /\/(?:batch|import)$/.test(wire.call?.path ?? ''));
}

/** @param byEntry A batch or an import answers 200, and each entry for itself; one that is too deep is refused unread. */
function wrongText(text: string, byEntry: boolean): readonly string[] {
  if (byEntry && TOO_DEEP.test(text)) return [];
  if (text.trim() !== '' && parsed(text) === undefined) return ['taken although it is not JSON'];
  if (byEntry) return [];
  const number = IMPRECISE.find((digits) => new RegExp(`[:,[]${digits}[,\\]}]`).test(text));
  return number === undefined ? [] : [`taken with ${number}, which a double cannot keep`];
}

const mediaTypeOf = ({ headers }: WireAnswer): string => headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
