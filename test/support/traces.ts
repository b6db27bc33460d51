import type { Client } from 'pg';

/** Where a text is found in a database, as `table.column`. @param but a longer text that contains it and may stay */
export async function tracesOf(database: Client, text: string, but = ''): Promise<readonly string[]> {
  const { rows: columns } = await database.query<{ table: string; column: string; type: string }>(
    `SELECT format('%I.%I', c.table_schema, c.table_name) AS "table", quote_ident(c.column_name) AS "column",
       c.udt_name AS type
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
       AND c.udt_name NOT IN ('uuid', '_uuid', 'int4', 'int8', 'bool', 'timestamptz', 'timestamp', 'date', 'float8')`,
  );
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const forms = formsOf(text);
    // Bytes that are no text are searched for those of the text, in lower and upper case.
    const shown = type === 'bytea' ? `encode(${column}, 'escape')` : `${column}::text`;
    const { rowCount } = await database.query(
      // OFFSET 0: a file of megabytes becomes a text in lower case once, not once for each form.
      `SELECT FROM ${table} WHERE EXISTS (
         SELECT FROM (SELECT replace(lower(${shown}), $2, '') AS text OFFSET 0) AS kept, unnest($1::text[]) AS form
         WHERE position(form IN kept.text) > 0) LIMIT 1`,
      [forms, but.toLowerCase()],
    );
    if ((rowCount ?? 0) > 0) found.push(`${table}.${column}`);
  }
  return found;
}

/** As it is, in URLs, in HTML and in base64, whose letters depend on where the text begins. */
function formsOf(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const base64 = [text, lower].flatMap((form) =>
    ['', 'x', 'xx'].map((before) => {
      const encoded = Buffer.from(before + form).toString('base64');
      return encoded.slice(before === '' ? 0 : 4, -4).toLowerCase();
    }),
  );
  const hex = Buffer.from(lower).toString('hex');
  return [lower, encodeURIComponent(lower).toLowerCase(), lower.replaceAll('@', '&#64;'), hex, ...base64];
}
