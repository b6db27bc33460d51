import { textOf } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Parameters } from '../../../state/parameters.js';

/** Position tag of the unsubscribe text (ncp.md §3.1, "Further rules"). */
export const UNSUBSCRIBE_TAG = '#{UNSUBSCRIBE_MESSAGE}';

const AD_MARK = '(광고)';

/** The vendor's own text is not published; this one stands in for it. */
export const STOCK_UNSUBSCRIBE_TEXT =
  '<p>메일 수신을 원치 않으시면 <a href="https://unsubscribe.simulator.invalid/ncp">[수신거부]</a>를 클릭하세요. ' +
  'To unsubscribe, click <a href="https://unsubscribe.simulator.invalid/ncp">[Unsubscribe]</a>.</p>';

const TAG = /\$\{([^{}]+)\}/g;
const BODY_TAG = /\$\{([^{}]+)\}|#\{UNSUBSCRIBE_MESSAGE\}/g;

/** Recipient over request; a key that neither has stays as it is (ncp.md §14). */
function valueOf(key: string, own: Parameters | undefined, common: Parameters): string | undefined {
  for (const parameters of [own, common]) {
    if (parameters && Object.hasOwn(parameters, key) && parameters[key] !== null) return textOf(parameters[key]);
  }
  return undefined;
}

/** Title as delivered: substituted in one pass, with the ad mark that NCP adds by itself. */
export function renderTitle(content: MailContent, own: Parameters | undefined): string {
  const title = content.title.replace(TAG, (tag, key: string) => valueOf(key, own, content.parameters) ?? tag);
  return content.advertising && !title.startsWith(AD_MARK) ? `${AD_MARK} ${title}` : title;
}

/** Body as delivered: substituted in one pass; ad mail carries the unsubscribe text at its tag or at the end. */
export function renderBody(content: MailContent, own: Parameters | undefined): string {
  const farewell = content.unsubscribeMessage ?? STOCK_UNSUBSCRIBE_TEXT;
  const body = content.body.replace(BODY_TAG, (tag: string, key: string | undefined) => {
    if (key !== undefined) return valueOf(key, own, content.parameters) ?? tag;
    return content.advertising ? farewell : tag;
  });
  return content.advertising && !content.body.includes(UNSUBSCRIBE_TAG) ? body + farewell : body;
}
