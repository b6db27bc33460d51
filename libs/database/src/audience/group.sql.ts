/** Makes groups of names that no group has yet, in one order for all imports. */
export const INSERT_MISSING = `
  INSERT INTO contact_group (id, client_id, name)
  SELECT n.id, $1, n.name FROM unnest($2::uuid[], $3::text[]) AS n (id, name) ORDER BY n.name
  ON CONFLICT (client_id, name) DO NOTHING`;

/** Finds groups by name, and keeps them from being deleted until the transaction ends. */
export const HOLD_BY_NAME = `
  SELECT id, name FROM contact_group WHERE client_id = $1 AND name = ANY ($2) ORDER BY id FOR KEY SHARE`;

/** Keeps a group from being deleted until the transaction ends. */
export const HOLD = 'SELECT FROM contact_group WHERE client_id = $1 AND id = $2 FOR KEY SHARE';

/** Makes contacts members of a group, thousands at a time. */
export const ADD_MEMBERS = `
  INSERT INTO group_member (group_id, contact_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id
  ON CONFLICT DO NOTHING`;

/** Ends the membership of contacts, thousands at a time. */
export const REMOVE_MEMBERS = 'DELETE FROM group_member WHERE group_id = $1 AND contact_id = ANY ($2)';

/** Finds which of many contacts a client has, and keeps them from being deleted until the transaction ends. */
export const HOLD_CONTACTS = `
  SELECT id FROM contact WHERE client_id = $1 AND id = ANY ($2) ORDER BY id FOR KEY SHARE`;

/** Finds the contacts that have addresses, thousands at a time. */
export const FIND_BY_ADDRESSES = `
  SELECT lower(address) AS address, contact_id AS id FROM contact_address
  WHERE client_id = $1 AND lower(address) = ANY ($2)`;

/** Makes contacts of addresses, thousands at a time; their addresses follow. */
export const INSERT_CONTACTS = 'INSERT INTO contact (id, client_id) SELECT id, $1 FROM unnest($2::uuid[]) AS id';

/** Gives each of the new contacts its address, unless another contact has it by now. */
export const INSERT_ADDRESSES = `
  INSERT INTO contact_address (contact_id, position, client_id, address)
  SELECT n.id, 0, $1, n.address FROM unnest($2::uuid[], $3::text[]) AS n (id, address) ORDER BY lower(n.address)
  ON CONFLICT (client_id, lower(address)) DO NOTHING`;

/** Removes those of the new contacts that got no address. */
export const DELETE_UNADDRESSED = `
  DELETE FROM contact c WHERE id = ANY ($1)
    AND NOT EXISTS (SELECT FROM contact_address a WHERE a.contact_id = c.id)`;
