import { textOf } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Parameters } from '../../../state/parameters.js';
import type { SensSettings } from '../settings.js';

const AD_MARK = '(광고)';

/** v1's position tag of the unsubscribe text; whether v2 has it is unknown (sens.md §2.1). */
const UNSUBSCRIBE_TAG = '#{UNSUBSCRIBE_MESSAGE}';

/** The vendor's own text is not published; this one stands in for it. */
const STOCK_TEXT =
  '<p>메일 수신을 원치 않으시면 <a href="https://unsubscribe.simulator.invalid/sens">[수신거부]</a>를 클릭하세요. ' +
  'To unsubscribe, click <a href="https://unsubscribe.simulator.invalid/sens">[Unsubscribe]</a>.</p>';

const TAG = /\$\{([^{}]+)\}/g;

type Switches = Pick<SensSettings, 'parameters' | 'unsubscribeTag'>;

/** One pass; a key without value stays as it is (§10). */
function substitute(text: string, content: MailContent, own: Parameters | undefined, { parameters }: Switches): string {
  const sources = parameters === 'recipient-only' && own !== undefined ? [own] : [own, content.parameters];
  return text.replace(TAG, (tag, key: string) => {
    for (const source of sources) {
      if (source && Object.hasOwn(source, key) && source[key] !== null) return textOf(source[key]);
    }
    return tag;
  });
}

/** Title as delivered, with the mark of an advertisement. */
export function renderTitle(content: MailContent, own: Parameters | undefined, switches: Switches): string {
  const title = substitute(content.title, content, own, switches);
  return content.advertising && !title.startsWith(AD_MARK) ? `${AD_MARK} ${title}` : title;
}

/** Body as delivered: ad mail carries the unsubscribe text at its tag or at the end. */
export function renderBody(content: MailContent, own: Parameters | undefined, switches: Switches): string {
  if (!content.advertising) return substitute(content.body, content, own, switches);
  const farewell = content.unsubscribeMessage ?? STOCK_TEXT;
  const placed = switches.unsubscribeTag === 'place' && content.body.includes(UNSUBSCRIBE_TAG);
  if (!placed) return substitute(content.body, content, own, switches) + farewell;
  return content.body
    .split(UNSUBSCRIBE_TAG)
    .map((part) => substitute(part, content, own, switches))
    .join(farewell);
}
