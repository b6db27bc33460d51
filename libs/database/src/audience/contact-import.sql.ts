import { keyLock } from '../advisory-locks.js';

/** Makes the table of this transaction that holds the rows of an import. */
export const CREATE_ROWS = `
  CREATE TEMP TABLE import_row (
    line bigint PRIMARY KEY, id uuid, external_id text, name text, addresses text[], groups text[],
    attributes jsonb, contact_id uuid, refused boolean NOT NULL DEFAULT false
  ) ON COMMIT DROP`;

/** Copies the rows of an import, as many as they are. */
export const COPY_ROWS = 'COPY import_row (line, id, external_id, name, addresses, groups, attributes) FROM STDIN';

/** Has the planner know how many rows there are. */
export const ANALYZE_ROWS = 'ANALYZE import_row';

/** Waits for the import before, which may be long, until the transaction ends. */
export const WAIT_AS_LONG_AS_IT_TAKES = 'SET LOCAL lock_timeout = 0';

/** Waits for the turn to import contacts of a client, until the transaction ends. */
export const LOCK = `SELECT pg_advisory_xact_lock(${keyLock('contactImport', '$1')})`;

/** Finds the names of groups in the rows that the client does not have. */
export const FIND_MISSING_GROUPS = `
  SELECT DISTINCT n.name FROM import_row, unnest(groups) AS n (name) WHERE NOT refused
  EXCEPT SELECT name FROM contact_group WHERE client_id = $1 ORDER BY name`;

/** Counts the rows that are refused. */
export const COUNT_REFUSED = 'SELECT count(*) FROM import_row WHERE refused';

/** Finds the first of the rows that are refused, with the address that is the reason. */
export const FIND_REFUSED = `
  SELECT DISTINCT ON (c.line) c.line, c.address, c.position::int - 1 AS index
  FROM import_conflict c ORDER BY c.line, c.position LIMIT $1`;

/** Counts the rows that are taken over. */
export const COUNT_TAKEN = 'SELECT count(*) AS taken FROM import_row WHERE NOT refused';

/** Makes the table of this transaction that holds each address of the rows, and the contact that has it. */
export const CREATE_ADDRESSES = `
  CREATE TEMP TABLE import_address ON COMMIT DROP AS
  SELECT r.line, a.position, a.address, lower(a.address) AS key, o.contact_id AS owner
  FROM import_row r CROSS JOIN unnest(r.addresses) WITH ORDINALITY AS a (address, position)
  LEFT JOIN contact_address o ON o.client_id = $1 AND lower(o.address) = lower(a.address)`;

/** Has addresses found by their row. */
export const INDEX_ADDRESSES_BY_LINE = 'CREATE INDEX ON import_address (line)';

/** Has addresses found by the contact that has them. */
export const INDEX_ADDRESSES_BY_OWNER = 'CREATE INDEX ON import_address (owner) WHERE owner IS NOT NULL';

/** Has the planner know how many addresses there are. */
export const ANALYZE_ADDRESSES = 'ANALYZE import_address';

/** Gives rows the contact that has their external id. */
export const OWN_BY_EXTERNAL_ID = `
  UPDATE import_row r SET contact_id = c.id FROM contact c
  WHERE c.client_id = $1 AND c.external_id = r.external_id`;

/**
 * Gives rows the contact that has one of their addresses. A contact without an external id gets that of the first row
 * about it.
 */
export const OWN_BY_ADDRESS = `
  UPDATE import_row r SET contact_id = found.owner
  FROM (
    SELECT DISTINCT ON (a.line) a.line, a.owner
    FROM import_address a JOIN contact c ON c.id = a.owner JOIN import_row i ON i.line = a.line
    WHERE i.contact_id IS NULL AND (i.external_id IS NULL OR c.external_id IS NULL)
    ORDER BY a.line, a.position
  ) found
  WHERE r.line = found.line
    AND (r.external_id IS NULL OR NOT EXISTS (
      SELECT FROM import_row other JOIN import_address a ON a.line = other.line
      WHERE a.owner = found.owner AND other.line < r.line AND other.external_id <> r.external_id))`;

/** Gives rows with the same external id one new contact, whose id is that of the first row. */
export const OWN_NEW_BY_EXTERNAL_ID = `
  UPDATE import_row r SET contact_id = made.id
  FROM (
    SELECT DISTINCT ON (external_id) external_id, id FROM import_row
    WHERE contact_id IS NULL AND external_id IS NOT NULL ORDER BY external_id, line
  ) made
  WHERE r.contact_id IS NULL AND r.external_id = made.external_id`;

/** Gives rows without an external id the contact of another row that has one of their addresses. */
export const OWN_BY_OTHER_ROW = `
  UPDATE import_row r SET contact_id = found.contact_id
  FROM (
    SELECT DISTINCT ON (a.line) a.line, o.contact_id
    FROM import_row i JOIN import_address a ON a.line = i.line
    JOIN import_address oa ON oa.key = a.key JOIN import_row o ON o.line = oa.line AND o.contact_id IS NOT NULL
    WHERE i.external_id IS NULL AND i.contact_id IS NULL
    ORDER BY a.line, a.position, o.line
  ) found
  WHERE r.line = found.line`;

/** Gives other rows without an external id a new contact by their first address. */
export const OWN_NEW_BY_ADDRESS = `
  UPDATE import_row r SET contact_id = made.id
  FROM (
    SELECT a.line, first_value(i.id) OVER (PARTITION BY a.key ORDER BY a.line) AS id
    FROM import_address a JOIN import_row i ON i.line = a.line
    WHERE i.external_id IS NULL AND i.contact_id IS NULL AND a.position = 1
  ) made
  WHERE r.line = made.line`;

/** Makes the table of addresses that belong to another contact than that of their row. */
export const FIND_CONFLICTS = `
  CREATE TEMP TABLE import_conflict ON COMMIT DROP AS
  SELECT a.line, a.position, a.address FROM import_address a JOIN import_row r ON r.line = a.line
  WHERE a.owner <> r.contact_id`;

/** Refuses rows with such an address. */
export const REFUSE_CONFLICTS = 'UPDATE import_row r SET refused = true FROM import_conflict c WHERE c.line = r.line';

/** Adds addresses that an earlier row of the file claims for another contact. */
export const FIND_CLAIMS = `
  INSERT INTO import_conflict
  SELECT line, position, address
  FROM (
    SELECT a.line, a.position, a.address, r.contact_id,
      first_value(r.contact_id) OVER (PARTITION BY a.key ORDER BY a.line, a.position) AS first
    FROM import_address a JOIN import_row r ON r.line = a.line WHERE NOT r.refused
  ) claimed
  WHERE claimed.contact_id <> claimed.first`;

/**
 * Finds out which contact each row of `import_row` is about. A row with an external id is about the contact that has it;
 * else about the contact that has one of its addresses; else about a new one. Rows of the file that have the same
 * external id, or the same address, are about the same contact. An address belongs to one contact: to the one that has
 * it, else to the first of the file that claims it.
 */
export const takeOwners: readonly string[] = [
  CREATE_ADDRESSES,
  INDEX_ADDRESSES_BY_LINE,
  INDEX_ADDRESSES_BY_OWNER,
  ANALYZE_ADDRESSES,
  OWN_BY_EXTERNAL_ID,
  OWN_BY_ADDRESS,
  OWN_NEW_BY_EXTERNAL_ID,
  OWN_BY_OTHER_ROW,
  OWN_NEW_BY_ADDRESS,
  FIND_CONFLICTS,
  REFUSE_CONFLICTS,
  FIND_CLAIMS,
  REFUSE_CONFLICTS,
];

/** Makes the table of what the rows say of each contact: its first external id, its last name. */
export const GATHER_CONTACTS = `
  CREATE TEMP TABLE import_contact ON COMMIT DROP AS
  SELECT contact_id AS id,
    (array_agg(external_id ORDER BY line) FILTER (WHERE external_id IS NOT NULL))[1] AS external_id,
    (array_agg(name ORDER BY line DESC) FILTER (WHERE name IS NOT NULL))[1] AS name
  FROM import_row WHERE NOT refused GROUP BY contact_id`;

/** Makes the table of the attributes of each contact; later rows win. */
export const GATHER_ATTRIBUTES = `
  CREATE TEMP TABLE import_attributes ON COMMIT DROP AS
  SELECT r.contact_id AS id, jsonb_object_agg(a.key, a.value ORDER BY r.line) AS attributes
  FROM import_row r CROSS JOIN jsonb_each(r.attributes) AS a WHERE NOT r.refused GROUP BY r.contact_id`;

/** Changes contacts that are there: nothing is taken away. */
export const UPDATE_CONTACTS = `
  UPDATE contact c
  SET external_id = coalesce(c.external_id, i.external_id), name = coalesce(i.name, c.name),
    attributes = c.attributes || coalesce(a.attributes, '{}'), updated_at = now()
  FROM import_contact i LEFT JOIN import_attributes a ON a.id = i.id
  WHERE c.id = i.id`;

/** Makes the new contacts. */
export const INSERT_CONTACTS = `
  INSERT INTO contact (id, client_id, external_id, name, attributes)
  SELECT i.id, $1, i.external_id, i.name, coalesce(a.attributes, '{}')
  FROM import_contact i LEFT JOIN import_attributes a ON a.id = i.id
  WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id = i.id) ORDER BY i.id`;

/** Gives contacts their new addresses, behind those that they have. */
export const INSERT_ADDRESSES = `
  INSERT INTO contact_address (contact_id, position, client_id, address)
  SELECT given.contact_id,
    coalesce(had.last, -1) + row_number() OVER (PARTITION BY given.contact_id ORDER BY given.line, given.position),
    $1, given.address
  FROM (
    SELECT DISTINCT ON (a.key) r.contact_id, a.line, a.position, a.address
    FROM import_address a JOIN import_row r ON r.line = a.line AND NOT r.refused
    WHERE a.owner IS NULL ORDER BY a.key, a.line, a.position
  ) given
  LEFT JOIN (SELECT contact_id, max(position) AS last FROM contact_address WHERE client_id = $1 GROUP BY contact_id)
    had ON had.contact_id = given.contact_id`;

/** Makes contacts members of the groups of their rows. */
export const INSERT_MEMBERS = `
  INSERT INTO group_member (group_id, contact_id)
  SELECT DISTINCT g.id, r.contact_id
  FROM import_row r CROSS JOIN unnest(r.groups) AS n (name)
  JOIN contact_group g ON g.client_id = $1 AND g.name = n.name
  WHERE NOT r.refused
  ON CONFLICT DO NOTHING`;

/** Writes what the rows say. */
export const mergeRows: readonly string[] = [
  GATHER_CONTACTS,
  GATHER_ATTRIBUTES,
  UPDATE_CONTACTS,
  INSERT_CONTACTS,
  INSERT_ADDRESSES,
  INSERT_MEMBERS,
];
