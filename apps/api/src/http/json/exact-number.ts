const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Beyond it, neighbouring whole numbers are the same double, and it is unknown which one was meant. */
const LARGEST = 2 ** 53;

/**
 * Is a number, as it is written in JSON, the same after it was read and written again? Otherwise it would be changed
 * without a word: `9007199254740993` comes out as `9007199254740992`. Text that is not a number is not checked here.
 */
export function isExactNumber(source: string): boolean {
  const given = PARTS.exec(source);
  if (given === null) return true;
  const value = Number(source);
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) return false;
  const kept = PARTS.exec(String(value));
  return kept !== null && decimalOf(given) === decimalOf(kept);
}

/** The significant digits and the power of ten of the last of them: one form for all spellings of a number. */
function decimalOf([, whole = '', fraction = '', exponent = '0']: RegExpExecArray): string {
  const digits = `${whole}${fraction}`;
  let [from, to] = [0, digits.length];
  while (from < to && digits[from] === '0') from += 1;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return '0';
  return `${digits.slice(from, to)}e${Number(exponent) - fraction.length + (digits.length - to)}`;
}

/** May the text hold a number that is not kept exactly? Cheap, and sometimes wrong: texts look like numbers, too. */
export const mayBeInexact = (text: string): boolean => LOOKS_INEXACT.test(text);

const LOOKS_INEXACT = /[[,:\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;
