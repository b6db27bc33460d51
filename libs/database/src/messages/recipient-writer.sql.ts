/** Copies recipients into a partition, or into the parent of all. */
export const copyRecipients = (table: string): string =>
  `COPY ${table} (message_id, position, address, name, type, variables) FROM STDIN`;

/** Counts the recipients of a message by domain in the statistics, from their rows: they have too many domains. */
export const COUNT_ALL_REQUESTED = `
  INSERT INTO statistic_delta (message_id, domain, requested)
  SELECT message_id, domain_of(address), count(*) FROM recipient WHERE message_id = $1 GROUP BY 1, 2`;

/**
 * Counts the recipients of a message ($1) by domain in the statistics, as they were counted while they were copied.
 */
export const COUNT_REQUESTED = `
  INSERT INTO statistic_delta (message_id, domain, requested)
  SELECT $1, domain, requested FROM unnest($2::text[], $3::int[]) AS t (domain, requested)`;
