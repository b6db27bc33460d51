const WIDTH = 40;
const PAUSE_MS = 1000;

/** On a terminal, one line that is redrawn; elsewhere, a line now and then. */
export class ProgressBar {
  #startedAt = performance.now();
  #shown = -1;
  #shownAt = -Infinity;

  constructor(total) {
    this.total = total;
  }

  show(done) {
    const now = performance.now();
    const seconds = ((now - this.#startedAt) / 1000).toFixed(1);
    const text = `${done.toLocaleString('en')} of ${this.total.toLocaleString('en')} recipients final, ${seconds} s`;
    if (process.stdout.isTTY) {
      const filled = Math.floor((WIDTH * done) / this.total);
      process.stdout.write(`\r\x1b[2K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${text}`);
    } else if (done !== this.#shown && (done === this.total || now - this.#shownAt >= PAUSE_MS)) {
      console.log(`  ${text}`);
      this.#shown = done;
      this.#shownAt = now;
    }
  }

  end() {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }
}

/** Rows of numbers behind a name; columns that no row has are left out, empty cells show 0. */
export const table = (rows, names) => {
  const columns = names.filter((name) => rows.some((row) => row[name] !== undefined));
  const cell = (row, name) => (row[name] ?? 0).toLocaleString('en');
  const lines = [columns, ...rows.map((row) => columns.map((name) => cell(row, name)))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) => line.map((text, i) => pad(text, widths[i], i)).join('  ')).join('\n');
};

const pad = (text, width, column) => (column === 0 ? text.padEnd(width) : text.padStart(width));
