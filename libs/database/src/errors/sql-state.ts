/** The part of an error of PostgreSQL that Prisma's adapter passes on (7.10). */
interface PrismaError {
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: string } } };
}

/** PostgreSQL's code of an error, whether SQL or Prisma met it; '' when it is none of PostgreSQL's. */
export function sqlStateOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const byPrisma = (error as PrismaError).meta?.driverAdapterError?.cause?.originalCode;
  if (byPrisma !== undefined) return byPrisma;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
