import type { AudienceExpression, ResolvedAudience } from '@gateway/core';

/** Adds a value to those of a statement. @returns how the statement refers to it. */
type Parameter = (value: unknown) => string;

const isNot = (expression: AudienceExpression): expression is { readonly not: AudienceExpression } =>
  typeof expression === 'object' && 'not' in expression;

/**
 * The contacts that an expression means, as a query with the one column `contact_id`. Sets are added, cut and taken
 * away as such, so that what is read are the members of the groups, not all contacts of the client; only a `not`
 * that stands alone begins with everybody.
 * @param client how the statement refers to the client's id.
 */
function contactsOf({ expression, groups }: ResolvedAudience, client: string, add: Parameter): string {
  const everybody = `SELECT id AS contact_id FROM contact WHERE client_id = ${client}`;
  const setOf = (part: AudienceExpression): string => {
    if (typeof part === 'string') return `SELECT contact_id FROM group_member WHERE group_id = ${add(groups[part])}`;
    if ('any' in part) return part.any.map((each) => `(${setOf(each)})`).join(' UNION ');
    if ('not' in part) return without(`(${everybody})`, [part.not]);
    const wanted = part.all.filter((each) => !isNot(each)).map((each) => `(${setOf(each)})`);
    return without(
      wanted.length > 0 ? `(${wanted.join(' INTERSECT ')})` : `(${everybody})`,
      part.all.filter(isNot).map(({ not }) => not),
    );
  };
  const without = (set: string, taken: readonly AudienceExpression[]): string =>
    [set, ...taken.map((each) => `(${setOf(each)})`)].join(' EXCEPT ');
  return setOf(expression);
}

/** Requirements on the recipients of a message, from its texts, and the limits of the account. */
export interface ExpansionRules {
  /** Names of the variables in the texts; none: the texts are not known, so every variable is given. */
  readonly used: readonly string[] | null;
  /** Those of them that have no value for all recipients. */
  readonly needed: readonly string[];
  /** Those in the subject. */
  readonly inSubject: readonly string[];
  /** The number of times that the body has each. */
  readonly uses: Readonly<Record<string, number>>;
  /** Bytes of a body besides its variables. */
  readonly literalBytes: number;
  readonly bodyBytes: number;
  readonly addressLength: number;
  readonly nameLength: number;
  readonly nameUnit: 'bytes' | 'characters';
  /** Of each text that values may leave empty, the names of its variables. */
  readonly hollow: readonly (readonly string[])[];
  /** Values for all recipients. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** HTML makes at most six bytes of one of these. */
const GROWING = `E'&<>"\\'\\n\\r'`;
/** Anything but what JavaScript's `trim` takes off. */
const VISIBLE = `[^\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]`;
const ASTRAL = `[\\U00010000-\\U0010ffff]`;
/** Characters are UTF-16 units: one beyond the basic plane counts as two. */
const lengthOf = (text: string, unit: ExpansionRules['nameUnit']): string =>
  unit === 'bytes' ? `octet_length(${text})` : `length(regexp_replace(${text}, '${ASTRAL}', 'xx', 'g'))`;
const CONTROL = `[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]`;

/**
 * The recipients that the contacts become: each of their addresses, with the values that the texts use and, if it
 * can't get the message, the reason why.
 */
function recipientsOf(
  audience: ResolvedAudience,
  rules: ExpansionRules,
  { client, add }: { readonly client: string; readonly add: Parameter },
): string {
  const given = `c.attributes || CASE WHEN c.name IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('name', c.name) END`;
  const ownBytes = `(SELECT coalesce(sum((octet_length(v.value) + 5 * (length(v.value)
    - length(translate(v.value, ${GROWING}, '')))) * (${add(JSON.stringify(rules.uses))}::jsonb ->> v.key)::int), 0)
    FROM jsonb_each_text(own.given) AS v WHERE v.key = ANY (${add(Object.keys(rules.uses))}::text[]))`;
  const hollow = rules.hollow
    .map(
      (names) => `WHEN NOT EXISTS (SELECT FROM unnest(${add(names)}::text[]) AS n
          WHERE coalesce(own.given ->> n, ${add(JSON.stringify(rules.defaults))}::jsonb ->> n, '') ~ '${VISIBLE}') THEN 'template_error'`,
    )
    .join('\n        ');
  return `
    SELECT a.contact_id, a.position, a.address,
      CASE WHEN ${lengthOf('c.name', rules.nameUnit)} <= ${add(rules.nameLength)} THEN c.name END AS name,
      own.variables,
      CASE
        WHEN length(a.address) > ${add(rules.addressLength)} THEN 'invalid_address'
        WHEN NOT own.given ?& ${add(rules.needed)}::text[] THEN 'template_error'
        WHEN EXISTS (SELECT FROM jsonb_each_text(own.given) AS v
          WHERE v.key = ANY (${add(rules.inSubject)}::text[]) AND v.value ~ '${CONTROL}') THEN 'template_error'
        ${hollow}
        WHEN ${add(rules.literalBytes)}::bigint + ${ownBytes} > ${add(rules.bodyBytes)}::bigint THEN 'too_large'
      END AS reason
    FROM (${contactsOf(audience, client, add)}) AS meant
    JOIN contact c ON c.id = meant.contact_id AND c.client_id = ${client}
    JOIN contact_address a ON a.contact_id = c.id
    CROSS JOIN LATERAL (
      SELECT ${given} AS given,
        (SELECT json_object_agg(v.key, v.value) FROM jsonb_each_text(${given}) AS v
         WHERE ${add(rules.used)}::text[] IS NULL OR v.key = ANY (${add(rules.used)})) AS variables
    ) AS own`;
}

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** Whether the audience of any message is to be expanded now: most looks find none, and need no transaction. */
export const IS_ONE_WAITING = `
  SELECT EXISTS (SELECT FROM message WHERE expand_at <= now() AND provider = ANY ($1)) AS waits`;

/** Claims the most urgent message whose audience is to be expanded now, until the transaction ends. */
export const TAKE_WAITING = `
  SELECT id, client_id AS "clientId", category, subject, html, text, variables, content_key AS "contentKey", provider,
    audience, provider_template_id AS "providerTemplateId", greatest(coalesce(send_at, created_at), released_at) AS "dueAt"
  FROM message WHERE expand_at <= now() AND provider = ANY ($1)
  ORDER BY category, expand_at LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** Keeps the groups of an audience from being deleted while it is expanded. */
export const HOLD_GROUPS = 'SELECT id FROM contact_group WHERE id = ANY ($1::uuid[]) FOR KEY SHARE';

/** Writes the batches of a message whose audience has been expanded. */
export const INSERT_BATCHES = `
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, enqueued_at)
  SELECT b.id, $1, $2, $3::category, 'queued', b.first, b.last, b.last - b.first + 1, b.last - b.first + 1, $4, $4,
    now()
  FROM unnest($5::uuid[], $6::int[], $7::int[]) AS b (id, first, last)`;

/** Has a message look for its recipients again after $2 ms. */
export const POSTPONE = `
  UPDATE message SET expand_at = now() + $2 * interval '1 ms', expansion = 'queued'
  WHERE id = $1 AND expand_at IS NOT NULL`;

/** Writes the recipients of a message: one for each address, those that cannot get it at the end. */
export function insertRecipients(
  message: { readonly id: string; readonly clientId: string; readonly audience: ResolvedAudience },
  rules: ExpansionRules,
): Statement {
  const values: unknown[] = [message.id, message.clientId];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const text = `
    WITH found AS (${recipientsOf(message.audience, rules, { client: '$2', add })}),
    written AS (
      INSERT INTO recipient (message_id, position, address, name, type, variables, status, reason, updated_at)
      SELECT $1, row_number() OVER (ORDER BY reason IS NOT NULL, contact_id, position) - 1, address, name,
        'to'::recipient_type,
        variables, CASE WHEN reason IS NOT NULL THEN 'rejected'::recipient_status END, reason,
        CASE WHEN reason IS NOT NULL THEN now() END
      FROM found
      RETURNING status, octet_length(address) + coalesce(octet_length(name), 0)
        + coalesce(octet_length(variables::text), 0) AS bytes
    )
    SELECT count(*) FILTER (WHERE status IS NULL) AS able, count(*) FILTER (WHERE status IS NOT NULL) AS unable,
      coalesce(max(bytes), 0) AS largest
    FROM written`;
  return { text, values };
}

/** Finds the recipients of a message as `insertRecipients` would write them. */
export function findRecipients(
  message: { readonly clientId: string; readonly audience: ResolvedAudience },
  rules: ExpansionRules,
): Statement {
  const values: unknown[] = [message.clientId];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const text = `
    SELECT (row_number() OVER (ORDER BY reason IS NOT NULL, contact_id, position) - 1)::int AS position,
      address, name, variables, reason
    FROM (${recipientsOf(message.audience, rules, { client: '$1', add })}) AS found ORDER BY 1`;
  return { text, values };
}

/** Reads what a statement finds piece by piece, in a transaction. */
export const openFound = (select: string): string => `DECLARE found NO SCROLL CURSOR FOR ${select}`;
/** The next piece. */
export const fetchFound = (most: number): string => `FETCH ${most} FROM found`;
/** The end of it. */
export const CLOSE_FOUND = 'CLOSE found';

/** Writes a piece of the recipients ($2) of a message ($1), whose values have been encrypted. */
export const INSERT_FOUND = `
  INSERT INTO recipient (message_id, position, address, name, type, variables, status, reason, updated_at)
  SELECT $1, position, address, name, 'to', variables,
    CASE WHEN reason IS NOT NULL THEN 'rejected'::recipient_status END, reason,
    CASE WHEN reason IS NOT NULL THEN now() END
  FROM json_to_recordset($2) AS r (position integer, address text, name text, variables json, reason text)`;

/** Counts the recipients that an audience has at this moment, and shows the first of them. */
export function sample(
  of: { readonly clientId: string; readonly audience: ResolvedAudience },
  rules: ExpansionRules,
  { marketing, limit }: { readonly marketing: boolean; readonly limit: number },
): Statement {
  const values: unknown[] = [of.clientId, marketing, limit];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const text = `
    WITH found AS MATERIALIZED (${recipientsOf(of.audience, rules, { client: '$1', add })}), shown AS (
      SELECT address, name, variables FROM found WHERE reason IS NULL ORDER BY contact_id, position LIMIT $3
    ), counted AS (
      SELECT count(*) FILTER (WHERE reason IS NULL) AS able, count(*) FILTER (WHERE reason IS NOT NULL) AS unable,
        count(*) FILTER (WHERE reason IS NULL AND (EXISTS (
          SELECT FROM suppression s WHERE s.address = lower(found.address) AND s.removed_at IS NULL
            AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.scope = 'all' OR $2))
          OR EXISTS (
          SELECT FROM erased_keys() AS k
          JOIN suppression s ON s.address = keyed_hash(found.address, k.prefix, k.secret)
          WHERE s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.scope = 'all' OR $2)))) AS suppressed,
        coalesce(max(octet_length(address) + coalesce(octet_length(name), 0)
          + coalesce(octet_length(variables::text), 0)), 0) AS largest
      FROM found
    )
    SELECT row_to_json(counted) AS counts, (SELECT json_agg(shown) FROM shown) AS first FROM counted`;
  return { text, values };
}
