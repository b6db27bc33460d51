import { forbiddenExtensions } from '@gateway/core';
import { fileTypeFromBuffer, type FileTypeResult } from 'file-type';

const UNKNOWN = 'application/octet-stream';
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
/** Containers that only the file extension tells apart: `.hwpx` and `.docx` are ZIP, `.hwp` and `.doc` are CFB. */
const CONTAINERS: ReadonlySet<string> = new Set(['application/zip', 'application/x-cfb', 'application/xml']);

export interface JudgedContent {
  readonly contentType: string;
  /** The content is a program of this kind, whatever the name says. */
  readonly program?: string;
}

/**
 * The media type of a file by its first bytes. The uploader's type counts only where the bytes do not show it.
 * @param head the beginning of the file, some hundred kilobytes or all of it.
 */
export async function judgeContent(head: Buffer, declared: string): Promise<JudgedContent> {
  const found = await sniff(head);
  const stated = declaredType(declared);
  if (found === undefined) return { contentType: stated ?? UNKNOWN };
  if (CONTAINERS.has(found.mime)) return { contentType: stated ?? found.mime };
  const program = forbiddenExtensions.find((extension) => extension === found.ext);
  return { contentType: found.mime, ...(program !== undefined && { program }) };
}

/** The head may end in the middle of what a format promises. */
const sniff = (head: Buffer): Promise<FileTypeResult | undefined> => fileTypeFromBuffer(head).catch(() => undefined);

function declaredType(declared: string): string | undefined {
  const type = declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) && type !== UNKNOWN ? type : undefined;
}
