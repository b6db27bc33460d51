import { REDACTED } from './redacted.js';
import { textRedactor } from './redact-text.js';
import { isSecretName } from './secret-names.js';
import type { TakeOut } from './literal-secrets.js';

/** Written by the logger itself, with words of ours. */
const OURS: ReadonlySet<string> = new Set(['level', 'time', 'name']);

/**
 * Takes credentials out of a line of JSON: strings under telling names, given secrets, and what is written like a
 * credential. Only values that are strings change: names, numbers and the structure stay, whatever a secret looks like.
 */
export function lineRedactor(secrets: readonly string[] = []): TakeOut {
  const redact = textRedactor(secrets);
  return (line) => (line.startsWith('{') ? redactLine(line, redact) : redact(line));
}

function redactLine(line: string, redact: TakeOut): string {
  const scan = new Scan(redact);
  const structure = /["{}[\]]/g;
  let [scrubbed, done] = ['', 0];
  for (let found = structure.exec(line); found !== null; found = structure.exec(line)) {
    const start = found.index;
    if (found[0] !== '"') {
      scan.step(found[0]);
      continue;
    }
    const end = endOfString(line, start);
    structure.lastIndex = end;
    const text = line.slice(start, end);
    if (line[end] === ':') {
      scan.enter(text.slice(1, -1));
      continue;
    }
    const shown = scan.value(text);
    if (shown === text) continue;
    scrubbed += line.slice(done, start) + shown;
    done = end;
  }
  return scrubbed + line.slice(done);
}

/** Where in a line the scan is. */
class Scan {
  /** Objects and lists around it; true: all strings within are credentials. */
  private readonly nests: boolean[] = [];
  /** Of the member whose value comes next. */
  private name = '';

  constructor(private readonly redact: TakeOut) {}

  enter(name: string): void {
    this.name = name;
  }

  step(bracket: string): void {
    if (bracket === '{' || bracket === '[') this.nests.push(this.isSecret());
    else this.nests.pop();
    this.name = '';
  }

  /** @param json a string with its quotes. @returns what is shown of it. */
  value(json: string): string {
    const secret = this.isSecret();
    const ours = this.nests.length === 1 && OURS.has(this.name);
    this.name = '';
    return ours ? json : redactString(json, secret, this.redact);
  }

  private isSecret(): boolean {
    return this.nests.at(-1) === true || isSecretName(this.name);
  }
}

function redactString(json: string, secret: boolean, redact: TakeOut): string {
  if (secret) return json === '""' ? json : `"${REDACTED}"`;
  const text = json.includes('\\') ? textOf(json) : json.slice(1, -1);
  const shown = redact(text);
  return shown === text ? json : JSON.stringify(shown);
}

function textOf(json: string): string {
  try {
    return JSON.parse(json) as string;
  } catch {
    return json.slice(1, -1);
  }
}

/** Behind the closing quote. */
function endOfString(line: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = line.indexOf('"', from);
    if (quote < 0) return line.length;
    let escapes = quote;
    while (line[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}
