/** Finds the next contacts that the list of a group ($1) at an account ($2) lacks, or of which it lacks an address. */
export const FIND_JOINING = `
  SELECT w.contact_id AS id, array_agg(w.address ORDER BY w.address) FILTER (WHERE c.address IS NULL) AS addresses,
    bool_or(c.address IS NOT NULL) AS known
  FROM list_addresses($1, $3) w
  LEFT JOIN group_copy_address c ON c.group_id = $1 AND c.provider = $2 AND c.contact_id = w.contact_id
    AND c.address = w.address AND c.confirmed
  GROUP BY w.contact_id HAVING bool_or(c.address IS NULL)
  ORDER BY w.contact_id LIMIT $4`;

/** Finds the next contacts that are on the list, or have an address there, and should not. */
export const FIND_LEAVING = `
  SELECT page.id, page.addresses, page.stays, e.lists, e.others
  FROM (
    SELECT c.contact_id AS id, array_agg(c.address ORDER BY c.address) FILTER (WHERE w.address IS NULL) AS addresses,
      bool_or(w.address IS NOT NULL) AS stays
    FROM group_copy_address c
    LEFT JOIN list_addresses($1, $3) w ON w.contact_id = c.contact_id AND w.address = c.address
    WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id > $3
    GROUP BY c.contact_id HAVING bool_or(w.address IS NULL)
    ORDER BY c.contact_id LIMIT $4
  ) AS page
  LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT g.remote_id) AS lists, array_agg(DISTINCT o.address) AS others
    FROM group_copy_address o JOIN group_copy g ON g.group_id = o.group_id AND g.provider = o.provider
    WHERE o.provider = $2 AND o.contact_id = page.id AND o.group_id <> $1 AND g.remote_id IS NOT NULL
  ) AS e ON true
  ORDER BY page.id`;

/** Notes a page of contacts ($3, $4) that may be on the list from now on, before the provider hears of them. */
export const EXPECT = `
  INSERT INTO group_copy_address (group_id, provider, contact_id, address)
  SELECT $1, $2, n.id, n.address FROM unnest($3::uuid[], $4::text[]) AS n (id, address) ON CONFLICT DO NOTHING`;

/** Notes a page of contacts that are on the list. */
export const CONFIRM = `
  UPDATE group_copy_address c SET confirmed = true FROM unnest($3::uuid[], $4::text[]) AS n (id, address)
  WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id = n.id AND c.address = n.address`;

/** Forgets a page of contacts that left the list, and finds their addresses that are on no list of the account now. */
export const REMOVE = `
  WITH gone AS (
    DELETE FROM group_copy_address c USING unnest($3::uuid[], $4::text[]) AS n (id, address)
    WHERE c.group_id = $1 AND c.provider = $2 AND c.contact_id = n.id AND c.address = n.address
    RETURNING c.address
  )
  SELECT DISTINCT address FROM gone
  WHERE NOT EXISTS (
    SELECT FROM group_copy_address o
    WHERE o.provider = $2 AND o.address = gone.address AND o.group_id <> $1
  )`;

/** Counts the contacts of a group that are on $3 other lists of the account already. */
export const COUNT_CROWDED = `
  SELECT count(*)::int AS count FROM (
    SELECT m.contact_id FROM group_member m
    JOIN group_copy_address c ON c.provider = $2 AND c.contact_id = m.contact_id AND c.group_id <> $1
    WHERE m.group_id = $1 GROUP BY m.contact_id HAVING count(DISTINCT c.group_id) >= $3
  ) AS crowded`;
