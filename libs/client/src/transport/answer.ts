import { GatewayConnectionError, GatewayProblem, type ProblemFields } from '../errors.js';
import { retryAfterOf } from './wait.js';

/** What a call expects of a successful answer. */
export type Expected = 'json' | 'bytes' | 'nothing';

/** Statuses at which the same request may succeed later, of answers that are not the gateway's own. */
const PASSING = [408, 429, 500, 502, 503, 504];
const SHOWN = 200;

/** @throws GatewayProblem for any answer that is no success */
export async function refuseFailure(response: Response): Promise<void> {
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    void response.body?.cancel().catch(() => undefined);
    throw redirected(response);
  }
  if (!response.ok) throw await problemOf(response);
}

export async function readAnswer(response: Response, expected: Expected): Promise<unknown> {
  if (expected === 'bytes') return new Uint8Array(await response.arrayBuffer());
  const text = await response.text();
  if (expected === 'nothing' || response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? 'no content type';
  // A page of something else would be the same the next time.
  if (!/\bjson\b/.test(type)) throw unusable(response, `${type} instead of JSON; is url the gateway's?`, false);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unusable(response, 'JSON that is cut off or broken', true, cause);
  }
}

export function unusable(
  response: Response,
  what: string,
  retryable: boolean,
  cause?: unknown,
): GatewayConnectionError {
  return new GatewayConnectionError(`the answer ${response.status} is ${what}`, { sent: 'maybe', retryable, cause });
}

function redirected(response: Response): GatewayProblem {
  const to = response.headers.get('location');
  const detail = `the answer is a redirect${to === null ? '' : ` to ${to}`}, which is not followed; correct url`;
  return new GatewayProblem({ ...named(response), title: 'Redirected', detail, retryable: false });
}

async function problemOf(response: Response): Promise<GatewayProblem> {
  // The status counts, even where the rest of the answer is lost.
  const text = await response.text().catch(() => '');
  const fields = named(response);
  const problem = parsed(text);
  if (typeof problem?.code === 'string') {
    const requestId = fields.requestId ?? problem.instance;
    return new GatewayProblem({ ...NOTHING, ...problem, ...fields, code: problem.code, requestId });
  }
  const detail = `the answer is not the gateway's${shown(text)}`;
  const retryable = PASSING.includes(response.status);
  return new GatewayProblem({ ...fields, title: response.statusText || 'No problem document', detail, retryable });
}

const NOTHING = { title: '', detail: '', retryable: false } as const;

/** The words of a page. */
function shown(page: string): string {
  const text = page
    .replace(/<style[^]*?<\/style>|<[^>]*>|\s+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return text === '' ? '' : `: ${text.slice(0, SHOWN)}`;
}

function parsed(text: string): (Partial<ProblemFields> & { readonly instance?: string }) | undefined {
  try {
    return (JSON.parse(text) as Partial<ProblemFields> | null) ?? undefined;
  } catch {
    return undefined;
  }
}

const named = ({ status, headers }: Response) => ({
  code: 'http_error',
  status,
  requestId: headers.get('x-request-id') ?? undefined,
  retryAfterMs: retryAfterOf(headers),
});
