/** Columns are named as the fields of prisma/schema.prisma, in snake_case. */
const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The select list of a Prisma selection, for statements that go without the ORM. @param table its alias. */
export const columnsOf = (selection: Readonly<Record<string, true>>, table: string): string =>
  Object.keys(selection)
    .map((field) => `${table}.${columnOf(field)} AS "${field}"`)
    .join(', ');

/** More than any page holds. */
const BOUND = 2000;

/** Limits an ordered `select`. A plan that is made once does not know `limit`; it knows that these are not many. */
export const pageOf = (select: string, limit: string): string =>
  `SELECT * FROM (${select} LIMIT ${BOUND}) AS page LIMIT ${limit}`;
