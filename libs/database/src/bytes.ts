/** Bytes as Prisma's types want them, which exclude memory that is shared between threads. Not copied. */
export const bytesOf = (data: Buffer): Uint8Array<ArrayBuffer> => data as Buffer<ArrayBuffer>;
