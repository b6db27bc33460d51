import type { CheckFinding } from '@gateway/core';
import type { AccountCheck } from '@gateway/delivery';

const MARKS = { ok: 'ok', warning: 'WARNING', fault: 'FAULT' } as const;
const MARK_WIDTH = 'WARNING'.length;

/** An account as text: a line for what it is, and one for each finding. */
export function linesOf({ account, kind, version, outcome, findings }: AccountCheck): readonly string[] {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  return [
    `${account} (${kind} ${version}): ${MARKS[outcome]}`,
    ...findings.flatMap((finding) => findingLines(finding, width)),
    '',
  ];
}

function findingLines({ outcome, subject, detail, advice }: CheckFinding, width: number): readonly string[] {
  const head = `  ${MARKS[outcome].padEnd(MARK_WIDTH)}  ${subject.padEnd(width)}  `;
  return [`${head}${detail}`, ...(advice === undefined ? [] : [`${' '.repeat(head.length)}-> ${advice}`])];
}
