import { progressAt, type Progress } from '../../outcomes/progress.js';
import type { AcceptedRequest } from '../../state/accepted-request.js';
import type { Simulator } from '../../state/simulator.js';

/** In the order of RecipientInput.type. */
export const ROLES = ['to', 'cc', 'bcc'] as const;

const UNSUBSCRIBE_URL = 'https://acme.example/unsubscribe';

const TOKENS: Readonly<Record<string, string>> = {
  ':unsubscribe': `<a href="${UNSUBSCRIBE_URL}">수신거부 / Unsubscribe</a>`,
  ':unsubscribe_url': UNSUBSCRIBE_URL,
};

const render = (text: string, values: Readonly<Record<string, unknown>>): string =>
  text.replace(/%\[(:?\w+)\]%/g, (token, key: string) => {
    const value = TOKENS[key] ?? values[key];
    return typeof value === 'string' ? value : token;
  });

/** Each recipient's mail has an id of its own, also of a shared mail. */
export const mailIdOf = ({ requestId }: AcceptedRequest, position: number): string => `${requestId}-${position}`;

export function progressOf(simulator: Simulator, request: AcceptedRequest, position: number): Progress {
  const plan = simulator.plans.get(request.recipients.plans[position] ?? 0);
  return progressAt(plan, request.course, simulator.now());
}

/** One recipient's mail for the record of the control endpoints. */
export function mailOf(simulator: Simulator, request: AcceptedRequest, position: number) {
  const { type, parameters } = request.recipients.row(position);
  const { content } = request;
  const values = { ...content.parameters, ...parameters };
  return {
    mailId: mailIdOf(request, position),
    type: ROLES[type],
    status: progressOf(simulator, request, position).state,
    subject: render(content.title, values),
    body: render(content.body, values),
  };
}
