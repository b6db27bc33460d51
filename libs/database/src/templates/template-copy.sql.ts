/** Claims the change of a template ($1) at an account ($2) for $3 ms, and notes that it may be there from now on. */
export const CLAIM = `
  INSERT INTO template_copy AS c (template_id, provider, busy_until)
  VALUES ($1, $2, now() + $3 * interval '1 ms')
  ON CONFLICT (template_id, provider) DO UPDATE SET busy_until = excluded.busy_until
  WHERE c.busy_until IS NULL OR c.busy_until < now()
  RETURNING template_id AS "templateId", provider, provider_template_id AS "providerTemplateId",
    provider_category_id AS "providerCategoryId", version, fingerprint, removed, pushed_at AS "pushedAt",
    busy_until AS "busyUntil", xmax = 0 AS began`;

/** Finds what other clients than $1 have pushed to an account ($2), with the names, in one look at both tables. */
export const FIND_FOREIGN = `
  SELECT c.template_id AS "templateId", c.provider_template_id AS "providerTemplateId", t.name
  FROM template_copy c JOIN template t ON t.id = c.template_id
  WHERE c.provider = $2 AND t.client_id <> $1 AND (c.version IS NOT NULL OR c.provider_template_id IS NULL)`;

/** Finds whether another client has pushed a template under one of the ids $3 or $4: asked per message. */
export const IS_FOREIGN = `
  SELECT EXISTS (
    SELECT FROM template_copy c JOIN template t ON t.id = c.template_id
    WHERE c.provider = $2 AND lower(c.provider_template_id) = ANY ($3) AND c.version IS NOT NULL
      AND t.client_id <> $1
  ) OR EXISTS (SELECT FROM template WHERE id = ANY ($4::uuid[]) AND client_id <> $1) AS foreign`;

/** Claims copies whose template was deleted or restored, for this worker and $2 ms. */
export const TAKE_DUE = `
  UPDATE template_copy c SET retry_at = now() + $2 * interval '1 ms'
  FROM template t
  WHERE t.id = c.template_id AND (c.template_id, c.provider) IN (
    SELECT template_id, provider FROM template_copy
    WHERE retry_at <= now() AND provider = ANY ($1) AND (busy_until IS NULL OR busy_until < now())
    ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING c.template_id AS "templateId", c.provider, c.provider_template_id AS "providerTemplateId", c.version,
    c.removed, c.retry_at AS "retryAt", t.client_id AS "clientId", t.deleted_at IS NOT NULL AS deleted`;
