/** Columns are named as the fields of prisma/schema.prisma, in snake_case. */
const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The select list of a Prisma selection, for statements that go without the ORM. @param table its alias. */
export const columnsOf = (selection: Readonly<Record<string, true>>, table: string): string =>
  Object.keys(selection)
    .map((field) => `${table}.${columnOf(field)} AS "${field}"`)
    .join(', ');
