/**
 * Statements that find out which contact each row of `import_row` is about. A row with an external id is about the
 * contact that has it; else about the contact that has one of its addresses; else about a new one. Rows of the file
 * that say the same external id, or the same address, are about the same contact.
 */
export const takeOwners: readonly string[] = [
  `CREATE TEMP TABLE import_address ON COMMIT DROP AS
   SELECT r.line, a.position, a.address, lower(a.address) AS key, o.contact_id AS owner
   FROM import_row r CROSS JOIN unnest(r.addresses) WITH ORDINALITY AS a (address, position)
   LEFT JOIN contact_address o ON o.client_id = $1 AND lower(o.address) = lower(a.address)`,
  'CREATE INDEX ON import_address (line)',
  'CREATE INDEX ON import_address (owner) WHERE owner IS NOT NULL',
  'ANALYZE import_address',

  // By external id.
  `UPDATE import_row r SET contact_id = c.id FROM contact c
   WHERE c.client_id = $1 AND c.external_id = r.external_id`,

  // By an address that is known. A contact without an external id gets that of the first row that speaks of it.
  `UPDATE import_row r SET contact_id = found.owner
   FROM (
     SELECT DISTINCT ON (a.line) a.line, a.owner
     FROM import_address a JOIN contact c ON c.id = a.owner JOIN import_row i ON i.line = a.line
     WHERE i.contact_id IS NULL AND (i.external_id IS NULL OR c.external_id IS NULL)
     ORDER BY a.line, a.position
   ) found
   WHERE r.line = found.line
     AND (r.external_id IS NULL OR NOT EXISTS (
       SELECT FROM import_row other JOIN import_address a ON a.line = other.line
       WHERE a.owner = found.owner AND other.line < r.line AND other.external_id <> r.external_id))`,

  // New ones, by external id: the first row gives the id.
  `UPDATE import_row r SET contact_id = made.id
   FROM (
     SELECT DISTINCT ON (external_id) external_id, id FROM import_row
     WHERE contact_id IS NULL AND external_id IS NOT NULL ORDER BY external_id, line
   ) made
   WHERE r.contact_id IS NULL AND r.external_id = made.external_id`,

  // Without external id: whoever of the file has one of the addresses, else a new one by the first address.
  `UPDATE import_row r SET contact_id = found.contact_id
   FROM (
     SELECT DISTINCT ON (a.line) a.line, o.contact_id
     FROM import_row i JOIN import_address a ON a.line = i.line
     JOIN import_address oa ON oa.key = a.key JOIN import_row o ON o.line = oa.line AND o.contact_id IS NOT NULL
     WHERE i.external_id IS NULL AND i.contact_id IS NULL
     ORDER BY a.line, a.position, o.line
   ) found
   WHERE r.line = found.line`,
  `UPDATE import_row r SET contact_id = made.id
   FROM (
     SELECT a.line, first_value(i.id) OVER (PARTITION BY a.key ORDER BY a.line) AS id
     FROM import_address a JOIN import_row i ON i.line = a.line
     WHERE i.external_id IS NULL AND i.contact_id IS NULL AND a.position = 1
   ) made
   WHERE r.line = made.line`,

  // An address belongs to one contact: to the one that has it, else to the first of the file that claims it.
  `CREATE TEMP TABLE import_conflict ON COMMIT DROP AS
   SELECT a.line, a.position, a.address FROM import_address a JOIN import_row r ON r.line = a.line
   WHERE a.owner <> r.contact_id`,
  'UPDATE import_row r SET refused = true FROM import_conflict c WHERE c.line = r.line',
  `INSERT INTO import_conflict
   SELECT line, position, address
   FROM (
     SELECT a.line, a.position, a.address, r.contact_id,
       first_value(r.contact_id) OVER (PARTITION BY a.key ORDER BY a.line, a.position) AS first
     FROM import_address a JOIN import_row r ON r.line = a.line WHERE NOT r.refused
   ) claimed
   WHERE claimed.contact_id <> claimed.first`,
  'UPDATE import_row r SET refused = true FROM import_conflict c WHERE c.line = r.line',
];

/** Statements that write what the rows say: nothing is taken away, what a later line says wins. */
export const mergeRows: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'gather',
    text: `CREATE TEMP TABLE import_contact ON COMMIT DROP AS
      SELECT contact_id AS id,
        (array_agg(external_id ORDER BY line) FILTER (WHERE external_id IS NOT NULL))[1] AS external_id,
        (array_agg(name ORDER BY line DESC) FILTER (WHERE name IS NOT NULL))[1] AS name
      FROM import_row WHERE NOT refused GROUP BY contact_id`,
  },
  {
    name: 'gather attributes',
    text: `CREATE TEMP TABLE import_attributes ON COMMIT DROP AS
      SELECT r.contact_id AS id, jsonb_object_agg(a.key, a.value ORDER BY r.line) AS attributes
      FROM import_row r CROSS JOIN jsonb_each(r.attributes) AS a WHERE NOT r.refused GROUP BY r.contact_id`,
  },
  {
    name: 'update contacts',
    text: `UPDATE contact c
      SET external_id = coalesce(c.external_id, i.external_id), name = coalesce(i.name, c.name),
        attributes = c.attributes || coalesce(a.attributes, '{}'), updated_at = now()
      FROM import_contact i LEFT JOIN import_attributes a ON a.id = i.id
      WHERE c.id = i.id`,
  },
  {
    name: 'insert contacts',
    text: `INSERT INTO contact (id, client_id, external_id, name, attributes)
      SELECT i.id, $1, i.external_id, i.name, coalesce(a.attributes, '{}')
      FROM import_contact i LEFT JOIN import_attributes a ON a.id = i.id
      WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id = i.id) ORDER BY i.id`,
  },
  {
    name: 'insert addresses',
    text: `INSERT INTO contact_address (contact_id, position, client_id, address)
      SELECT given.contact_id,
        coalesce(had.last, -1) + row_number() OVER (PARTITION BY given.contact_id ORDER BY given.line, given.position),
        $1, given.address
      FROM (
        SELECT DISTINCT ON (a.key) r.contact_id, a.line, a.position, a.address
        FROM import_address a JOIN import_row r ON r.line = a.line AND NOT r.refused
        WHERE a.owner IS NULL ORDER BY a.key, a.line, a.position
      ) given
      LEFT JOIN (SELECT contact_id, max(position) AS last FROM contact_address WHERE client_id = $1 GROUP BY contact_id)
        had ON had.contact_id = given.contact_id`,
  },
  {
    name: 'insert members',
    text: `INSERT INTO group_member (group_id, contact_id)
      SELECT DISTINCT g.id, r.contact_id
      FROM import_row r CROSS JOIN unnest(r.groups) AS n (name)
      JOIN contact_group g ON g.client_id = $1 AND g.name = n.name
      WHERE NOT r.refused
      ON CONFLICT DO NOTHING`,
  },
];
