/** One `sh` block of a Markdown document, with the answers that the document shows after it. */
export interface Step {
  readonly heading: string;
  readonly script: string;
  /** In order: `json` answers are documents, `text` answers are lines. */
  readonly answers: readonly Answer[];
}

export type Answer =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'text'; readonly value: string };

/** Reads the steps of a document: each `sh` block, and the `json` and `text` blocks up to the next one. */
export function stepsOf(markdown: string): readonly Step[] {
  const steps: { heading: string; script: string; answers: Answer[] }[] = [];
  let heading = '';
  for (const [, title, language = '', block = ''] of markdown.matchAll(/^#+ (.+)$|^```(\w+)\n([\s\S]*?)\n```$/gm)) {
    heading = title ?? heading;
    if (language === 'sh') steps.push({ heading, script: block, answers: [] });
    else steps.at(-1)?.answers.push(...answersIn(language, block));
  }
  return steps;
}

function answersIn(language: string, block: string): Answer[] {
  if (language === 'json') return [{ kind: 'json', value: JSON.parse(block) }];
  return language === 'text' ? [{ kind: 'text', value: block }] : [];
}

const REST = '…';

/**
 * The path at which an answer differs from the one in a document; `undefined` when it fits. Members that are not shown
 * may be anything. In a text, `…` stands for any text; as the last entry of a list, for any more entries.
 */
export function misfit(shown: unknown, actual: unknown, path = ''): string | undefined {
  if (typeof shown === 'string') return fits(shown, actual) ? undefined : `${path}: ${JSON.stringify(actual)}`;
  if (Array.isArray(shown)) return misfitOfList(shown, actual, path);
  if (typeof shown === 'object' && shown !== null) {
    if (typeof actual !== 'object' || actual === null) return `${path}: ${JSON.stringify(actual)}`;
    const members = actual as Readonly<Record<string, unknown>>;
    return first(Object.entries(shown).map(([name, value]) => misfit(value, members[name], `${path}/${name}`)));
  }
  return shown === actual ? undefined : `${path}: ${JSON.stringify(actual)}`;
}

function misfitOfList(shown: readonly unknown[], actual: unknown, path: string): string | undefined {
  if (!Array.isArray(actual)) return `${path}: ${JSON.stringify(actual)}`;
  const listed = shown.at(-1) === REST ? shown.slice(0, -1) : shown;
  if (listed.length === shown.length && actual.length !== shown.length) return `${path}: ${actual.length} entries`;
  return first(listed.map((value, index) => misfit(value, actual[index], `${path}/${index}`)));
}

const fits = (shown: string, actual: unknown): boolean => {
  if (typeof actual !== 'string') return shown === REST && actual !== undefined;
  const pattern = shown.split(REST).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[\\s\\S]*')}$`).test(actual);
};

const first = (found: readonly (string | undefined)[]): string | undefined => found.find((each) => each !== undefined);
