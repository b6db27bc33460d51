/** Escapes text for a pattern of LIKE. Prisma's `contains` makes such a pattern, and escapes nothing. */
export const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
