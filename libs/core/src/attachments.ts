const MIB = 1024 * 1024;

/** Largest file. The vendors say "10 MB" without saying of which; routing judges by each account's own limits too. */
export const MAX_ATTACHMENT_BYTES = 10 * MIB;
/** All files of a message together. */
export const MAX_ATTACHMENTS_BYTES = 20 * MIB;
export const MAX_ATTACHMENTS = 10;
export const MAX_FILE_NAME_LENGTH = 100;

/** Programs: refused by vendors, and by those who receive mail. */
export const forbiddenExtensions = ['js', 'exe', 'bat', 'cmd', 'com', 'cpl', 'scr', 'vbs', 'wsf'] as const;

const FORBIDDEN: ReadonlySet<string> = new Set(forbiddenExtensions);

/** The extension by which a name would be run as a program, if it has one. Case, dots and spaces at its end don't count. */
export function forbiddenExtensionOf(name: string): string | undefined {
  const extension = /\.([^.\s]+)[.\s]*$/.exec(name)?.[1]?.toLowerCase();
  return extension !== undefined && FORBIDDEN.has(extension) ? extension : undefined;
}

/** The facts about a message's files that routing uses. */
export interface AttachmentSizes {
  readonly count: number;
  readonly largestBytes: number;
  readonly totalBytes: number;
  readonly names: readonly FileName[];
}

/** @param index where the message names the file */
export interface FileName {
  readonly name: string;
  readonly index: number;
}

/** @param files in the order in which the message names them */
export function sizesOf(files: readonly { readonly size: number; readonly name: string }[]): AttachmentSizes {
  const sizes = files.map(({ size }) => size);
  return {
    count: sizes.length,
    largestBytes: Math.max(0, ...sizes),
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
    names: files.map(({ name }, index) => ({ name, index })),
  };
}
