/**
 * Gives a contact ($1) of a client ($2) the addresses $3, but those of other contacts. In one order for all callers,
 * because two contacts that want each other's next address would wait for each other for ever.
 */
export const INSERT_ADDRESSES = `
  INSERT INTO contact_address (contact_id, position, client_id, address)
  SELECT $1, a.position - 1, $2, a.address FROM unnest($3::text[]) WITH ORDINALITY AS a (address, position)
  ORDER BY lower(a.address)
  ON CONFLICT (client_id, lower(address)) DO NOTHING RETURNING address`;

/** Locks a contact for a change of it. */
export const LOCK = 'SELECT FROM contact WHERE client_id = $1 AND id = $2 FOR UPDATE';

/** Finds the contact that has an address, whatever its case: the index is one over lower(address). */
export const FIND_BY_ADDRESS = `
  SELECT contact_id AS id FROM contact_address WHERE client_id = $1 AND lower(address) = lower($2)`;
