-- The schema of the gateway. Runs on PostgreSQL 15 to 18, and on nothing but a database's ordinary owner.
--
-- prisma/schema.prisma describes the same tables in Prisma's terms. Partitions, generated columns, functions, triggers
-- and partial indexes exist only here. In this order: access, messages (with their recipients, batches and events),
-- attachments, templates, audience, suppressions, provider accounts, statistics, partitions.

----------------------------------------------------------------------------------------------------------------------
-- Access
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE client (
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT client_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX client_name_key ON client (name);

CREATE TABLE api_key (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  -- SHA-256 of the key. The key itself is stored nowhere.
  hash bytea NOT NULL,
  scopes text[],
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  revoked_at timestamptz(3),

  CONSTRAINT api_key_pkey PRIMARY KEY (id),
  CONSTRAINT api_key_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX api_key_hash_key ON api_key (hash);
CREATE INDEX api_key_client_id_id_idx ON api_key (client_id, id);

-- The response to the first request with an Idempotency-Key, which later requests with the same key receive again.
CREATE TABLE idempotency_key (
  client_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer NOT NULL,
  headers json NOT NULL DEFAULT '{}',
  response bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT idempotency_key_pkey PRIMARY KEY (client_id, key),
  CONSTRAINT idempotency_key_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE
);

-- Retention finds the stored response about a message by its Location header. A column of its own would cost every
-- request something that only retention needs.
CREATE INDEX idempotency_key_location_idx ON idempotency_key ((headers ->> 'location'))
  WHERE headers ->> 'location' LIKE '/v1/messages/%';

----------------------------------------------------------------------------------------------------------------------
-- Messages: statuses
----------------------------------------------------------------------------------------------------------------------

CREATE TYPE message_status AS ENUM (
  'scheduled', 'queued', 'sending', 'completed', 'partially_failed', 'failed', 'cancelled');

CREATE TYPE recipient_status AS ENUM (
  'scheduled', 'queued', 'deferred', 'dispatching', 'unconfirmed', 'submitted', 'sending', 'sent', 'delivered',
  'bounced', 'failed', 'rejected', 'suppressed', 'unsubscribed', 'cancelled', 'expired');

CREATE TYPE batch_status AS ENUM (
  'scheduled', 'queued', 'deferred', 'dispatching', 'unconfirmed', 'submitted', 'sending', 'settled', 'failed',
  'cancelled', 'expired', 'replanned');

CREATE TYPE category AS ENUM ('authentication', 'transactional', 'marketing');
CREATE TYPE delivery AS ENUM ('individual', 'shared');
CREATE TYPE recipient_type AS ENUM ('to', 'cc', 'bcc');
CREATE TYPE attempt_outcome AS ENUM ('accepted', 'refused', 'unconfirmed', 'adopted', 'absent');

-- Adds two sets of counts, for example {"queued": 3}. A count of zero disappears.
CREATE FUNCTION counts_add(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, total) FILTER (WHERE total <> 0), '{}'::jsonb)
  FROM (
    SELECT key, sum(value::bigint) AS total
    FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) AS entry
    GROUP BY key
  ) AS totals
$$;

CREATE FUNCTION count_of(counts jsonb, status text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce((counts ->> status)::bigint, 0) $$;

-- The same rule as messageStatusOf in libs/core: a message's status follows from its counts and is never set. It is
-- one expression, so that the planner inlines it: every change of a message computes it.
CREATE FUNCTION derive_message_status(counts jsonb) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN count_of(counts, 'dispatching') + count_of(counts, 'unconfirmed') + count_of(counts, 'submitted')
      + count_of(counts, 'sending') > 0 THEN 'sending'
    WHEN count_of(counts, 'scheduled') + count_of(counts, 'queued') + count_of(counts, 'deferred') > 0 THEN CASE
      WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') + count_of(counts, 'bounced')
        + count_of(counts, 'failed') + count_of(counts, 'rejected') + count_of(counts, 'expired')
        + count_of(counts, 'unsubscribed') > 0 THEN 'sending'
      WHEN count_of(counts, 'queued') + count_of(counts, 'deferred') > 0 THEN 'queued'
      ELSE 'scheduled' END
    WHEN count_of(counts, 'bounced') + count_of(counts, 'failed') + count_of(counts, 'rejected')
      + count_of(counts, 'expired') > 0 THEN
      CASE WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') > 0 THEN 'partially_failed' ELSE 'failed' END
    WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') = 0 AND count_of(counts, 'cancelled') > 0
      THEN 'cancelled'
    ELSE 'completed'
  END::message_status
$$;

-- The same rule as mayAdvance in libs/core: forward only. The one change of a final status is a late bounce.
CREATE FUNCTION recipient_rank(status recipient_status) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE status
    WHEN 'scheduled' THEN 0 WHEN 'queued' THEN 1 WHEN 'deferred' THEN 1 WHEN 'dispatching' THEN 2
    WHEN 'unconfirmed' THEN 3 WHEN 'submitted' THEN 4 WHEN 'sending' THEN 5 WHEN 'sent' THEN 6 ELSE 7 END
$$;

CREATE FUNCTION may_advance(before recipient_status, after recipient_status) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN recipient_rank(before) = 7 THEN before = 'delivered' AND after = 'bounced'
              ELSE recipient_rank(after) > recipient_rank(before) END
$$;

-- The same rule as inheritedStatus in libs/core: the status of a recipient that has none of its own.
CREATE FUNCTION inherited_status(status batch_status) RETURNS recipient_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE status WHEN 'settled' THEN 'sending' WHEN 'replanned' THEN 'queued' ELSE status::text END::recipient_status
$$;

-- The status of a message to a provider's list, which is that of its only batch until all recipients are known.
CREATE FUNCTION list_status(status batch_status, listed boolean, recipients integer) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN listed OR status = 'settled' THEN NULL
    WHEN status = 'scheduled' THEN 'scheduled'
    WHEN status IN ('queued', 'deferred', 'replanned') THEN 'queued'
    WHEN status IN ('dispatching', 'unconfirmed', 'submitted', 'sending') THEN 'sending'
    WHEN recipients > 0 THEN NULL
    WHEN status = 'cancelled' THEN 'cancelled'
    ELSE 'failed'
  END::message_status
$$;

----------------------------------------------------------------------------------------------------------------------
-- Messages: tables
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE message (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  category category NOT NULL,
  delivery delivery NOT NULL,
  requested_provider text NOT NULL,
  provider text NOT NULL,
  from_address text NOT NULL,
  from_name text,
  subject text NOT NULL,
  html text,
  text text,
  variables json NOT NULL DEFAULT '{}',
  headers json NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  tags text[],
  on_quota text NOT NULL,
  allow_split boolean NOT NULL DEFAULT false,
  send_at timestamptz(3),
  recipient_count integer NOT NULL,
  suppressed_count integer NOT NULL DEFAULT 0,
  batch_count integer NOT NULL,
  -- Recipients by status, moved in the transactions that change recipients and batches.
  counts jsonb NOT NULL DEFAULT '{}',
  status message_status NOT NULL GENERATED ALWAYS AS (coalesce(expansion, derive_message_status(counts))) STORED,
  routing json NOT NULL,
  warnings text[],
  request_id text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  completed_at timestamptz(3),
  -- The sources of its parts: files, a template of the gateway or of the provider, a group expression, or an earlier
  -- message whose failed recipients are tried again.
  attachment_ids uuid[] NOT NULL DEFAULT '{}',
  template_id uuid,
  template_version integer,
  provider_template_id text,
  audience json,
  redrive_of uuid,
  -- A message to an audience has no recipients until it is due. `expansion` is its status until then, or for good if it
  -- never has any; `expand_at` is when a worker looks for them.
  expansion message_status,
  expand_at timestamptz(3),
  -- `erased_at`: its texts, recipients and timeline are no longer shown to anyone. `erasing`: rows of recipients and
  -- events are still to be deleted, by dropping their month or a few thousand at a time.
  erased_at timestamptz(3),
  erasing boolean NOT NULL DEFAULT false,

  CONSTRAINT message_pkey PRIMARY KEY (id),
  CONSTRAINT message_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE RESTRICT
)
-- A message is updated as often as its batches are, for some minutes, and never again. Few of these updates touch an
-- indexed column, so free space in its page keeps them there (HOT). Dead rows collect in the partial indexes that sweeps
-- read every second, so vacuum starts after a fiftieth of the table, not after the default fifth.
WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE INDEX message_client_id_id_idx ON message (client_id, id);

-- Filters of GET /v1/messages that match few messages.
CREATE INDEX message_tags_idx ON message USING gin (tags) WHERE tags <> '{}';
CREATE INDEX message_metadata_idx ON message USING gin (metadata jsonb_path_ops) WHERE metadata <> '{}';
CREATE INDEX message_client_id_template_id_id_idx ON message (client_id, template_id, id) WHERE template_id IS NOT NULL;

-- Audiences to expand.
CREATE INDEX message_expand_at_idx ON message (expand_at) WHERE expand_at IS NOT NULL;

-- Whether an attachment is still needed: by a message that is not finished, and by one that is not erased.
CREATE INDEX message_unfinished_attachment_idx ON message USING gin (attachment_ids)
  WHERE attachment_ids <> '{}' AND completed_at IS NULL;
CREATE INDEX message_kept_attachment_idx ON message USING gin (attachment_ids)
  WHERE attachment_ids <> '{}' AND erased_at IS NULL;

-- For retention: messages whose period may be over, messages with rows still to delete, and messages whose own row may
-- be deleted. The last two indexes hold erased messages only.
CREATE INDEX message_retention_idx ON message (category, completed_at, id)
  WHERE completed_at IS NOT NULL AND erased_at IS NULL;
CREATE INDEX message_erasing_idx ON message (id) WHERE erasing;
CREATE INDEX message_erased_idx ON message (category, completed_at, id) WHERE erased_at IS NOT NULL AND NOT erasing;

-- A batch is a range of positions, so a recipient row has no batch id. It has a status only where it differs from what
-- its batch says. Partitioned by month, see below.
CREATE TABLE recipient (
  message_id uuid NOT NULL,
  position integer NOT NULL,
  address text NOT NULL,
  name text,
  type recipient_type NOT NULL,
  variables json,
  status recipient_status,
  reason text,
  bounce_type text,
  mail_id text,
  provider_code text,
  provider_message text,
  updated_at timestamptz(3),
  delivered_at timestamptz(3),
  opened_at timestamptz(3),

  CONSTRAINT recipient_pkey PRIMARY KEY (message_id, position)
) PARTITION BY RANGE (message_id);

-- Everything ever sent to an address, and the recipient that a provider's report is about.
CREATE INDEX recipient_address_idx ON recipient (lower(address), message_id);

CREATE TABLE batch (
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  parent_id uuid,
  provider text NOT NULL,
  category category NOT NULL,
  status batch_status NOT NULL,
  position_from integer NOT NULL,
  position_to integer NOT NULL,
  recipient_count integer NOT NULL,
  -- Recipients without a status of their own.
  follower_count integer NOT NULL,
  counts jsonb NOT NULL DEFAULT '{}',
  due_at timestamptz(3) NOT NULL,
  -- Times that are compared with now() have its precision. Rounded to milliseconds, "now" can lie half a millisecond in
  -- the future, and work that is due is not due yet for a quick worker.
  next_attempt_at timestamptz(6) NOT NULL,
  next_poll_at timestamptz(6),
  enqueued_at timestamptz(3),
  lease_until timestamptz(6),
  lease_token integer NOT NULL DEFAULT 0,
  attempt_count integer NOT NULL DEFAULT 0,
  lookup_count integer NOT NULL DEFAULT 0,
  poll_count integer NOT NULL DEFAULT 0,
  poll_failures integer NOT NULL DEFAULT 0,
  poll_cursor json,
  operation text,
  provider_request_id text,
  reason text,
  reason_detail text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  submitted_at timestamptz(3),
  settled_at timestamptz(3),
  -- How often its worker was lost, when it may go by the account's pace, and the accounts that have refused it.
  loss_count integer NOT NULL DEFAULT 0,
  paced_at timestamptz(3),
  left_providers text[] NOT NULL DEFAULT '{}',
  -- A batch to a provider's list: recipients are added as the provider reports them. `listed`: all of them are.
  of_list boolean NOT NULL DEFAULT false,
  listed boolean NOT NULL DEFAULT false,

  CONSTRAINT batch_pkey PRIMARY KEY (id),
  CONSTRAINT batch_message_id_fkey FOREIGN KEY (message_id) REFERENCES message (id) ON DELETE CASCADE
)
-- A batch is updated five to ten times in its first minutes (claimed, attempted, accepted, polled, settled), and never
-- again. Most of these updates touch an index, so free space in its page would not help.
WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE INDEX batch_message_id_position_from_idx ON batch (message_id, position_from);

-- A batch has a request id once a provider has accepted it. Before, an entry would only make its updates slower.
CREATE UNIQUE INDEX batch_request_key ON batch (provider, provider_request_id) WHERE provider_request_id IS NOT NULL;

-- For the recovery sweep: work that is due, leases that have expired, requests to poll.
CREATE INDEX batch_due_idx ON batch (next_attempt_at)
  WHERE status IN ('scheduled', 'queued', 'deferred', 'unconfirmed');
CREATE INDEX batch_lease_idx ON batch (lease_until) WHERE status = 'dispatching';
CREATE INDEX batch_poll_idx ON batch (next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TABLE attempt (
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  number integer NOT NULL,
  marker text NOT NULL,
  provider text NOT NULL,
  operation text,
  started_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  outcome attempt_outcome,
  http_status integer,
  provider_code text,
  provider_message text,
  detail text,
  -- How many recipients the request carried, which is what it uses of the account's monthly quota.
  recipients integer,

  CONSTRAINT attempt_pkey PRIMARY KEY (id),
  CONSTRAINT attempt_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE CASCADE
)
-- Each attempt is updated once, soon, with its outcome. Free space in its page spares both indexes (HOT).
WITH (fillfactor = 80);

CREATE UNIQUE INDEX attempt_batch_id_number_key ON attempt (batch_id, number);

-- Only appended to. Partitioned by month, see below.
CREATE TABLE event (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  message_id uuid NOT NULL,
  batch_id uuid,
  type text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  data json NOT NULL DEFAULT '{}',

  CONSTRAINT event_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);

CREATE INDEX event_message_id_id_idx ON event (message_id, id);
CREATE INDEX event_client_id_id_idx ON event (client_id, id);

----------------------------------------------------------------------------------------------------------------------
-- Messages: counts move with batches
----------------------------------------------------------------------------------------------------------------------

-- When a batch changes its status, so do its followers: the message's counts move in the same transaction, whatever
-- statement changed the batch. Once per statement: row by row, a statement that moves a hundred batches costs ten times
-- as much.
CREATE FUNCTION batches_move_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  deltas jsonb[];
BEGIN
  SELECT array_agg(message_id), array_agg(delta) INTO ids, deltas
  FROM (
    SELECT message_id, jsonb_object_agg(status, n) AS delta
    FROM (
      SELECT message_id, status, sum(n) AS n
      FROM (
        SELECT message_id, inherited_status(status) AS status, -follower_count AS n FROM before
        UNION ALL SELECT message_id, inherited_status(status), follower_count FROM after
      ) AS step
      GROUP BY message_id, status
    ) AS total
    WHERE n <> 0 GROUP BY message_id
  ) AS moved;
  IF ids IS NULL THEN RETURN NULL; END IF;
  -- In order: two statements that hold each other's messages would deadlock.
  IF cardinality(ids) > 1 THEN
    PERFORM FROM message WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  END IF;
  UPDATE message m SET counts = counts_add(m.counts, d.delta)
  -- The list adds no condition, but makes the planner use the key whatever it believes about the table's size.
  FROM unnest(ids, deltas) AS d (id, delta) WHERE m.id = d.id AND m.id = ANY (ids);
  RETURN NULL;
END
$$;

CREATE TRIGGER batches_move_counts AFTER UPDATE ON batch
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION batches_move_counts();

CREATE FUNCTION batch_moves_expansion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE message SET expansion = list_status(NEW.status, NEW.listed, NEW.recipient_count)
  WHERE id = NEW.message_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER batch_moves_expansion AFTER UPDATE OF status, listed ON batch
FOR EACH ROW
WHEN (NEW.of_list AND (OLD.status <> NEW.status OR OLD.listed <> NEW.listed))
EXECUTE FUNCTION batch_moves_expansion();

----------------------------------------------------------------------------------------------------------------------
-- Attachments: a file is stored once, in chunks, and copied to a provider when a mail first needs it there
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE attachment (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  size integer NOT NULL,
  content_type text NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deleted_at timestamptz(3),
  swept_at timestamptz(3),

  CONSTRAINT attachment_pkey PRIMARY KEY (id),
  CONSTRAINT attachment_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE RESTRICT
);

CREATE INDEX attachment_client_id_id_idx ON attachment (client_id, id);
CREATE INDEX attachment_deleted_idx ON attachment (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE attachment_chunk (
  attachment_id uuid NOT NULL,
  number integer NOT NULL,
  data bytea NOT NULL,

  CONSTRAINT attachment_chunk_pkey PRIMARY KEY (attachment_id, number),
  CONSTRAINT attachment_chunk_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES attachment (id) ON DELETE CASCADE
);

-- Most files are compressed already, so PostgreSQL would only waste time on them.
ALTER TABLE attachment_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE attachment_copy (
  attachment_id uuid NOT NULL,
  provider text NOT NULL,
  file_id text NOT NULL,
  detail json,
  uploaded_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT attachment_copy_pkey PRIMARY KEY (attachment_id, provider),
  CONSTRAINT attachment_copy_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES attachment (id) ON DELETE CASCADE
);

----------------------------------------------------------------------------------------------------------------------
-- Templates, with versions and a tree of categories, and their copies at providers
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE template_category (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  parent_id uuid,
  name text NOT NULL,
  description text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT template_category_pkey PRIMARY KEY (id),
  CONSTRAINT template_category_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE,
  CONSTRAINT template_category_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES template_category (id) ON DELETE RESTRICT
);

CREATE INDEX template_category_client_id_id_idx ON template_category (client_id, id);
CREATE INDEX template_category_parent_id_idx ON template_category (parent_id);

CREATE TABLE template (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  category_id uuid,
  name text NOT NULL,
  description text,
  enabled boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deleted_at timestamptz(3),

  CONSTRAINT template_pkey PRIMARY KEY (id),
  CONSTRAINT template_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE,
  CONSTRAINT template_category_id_fkey FOREIGN KEY (category_id) REFERENCES template_category (id) ON DELETE SET NULL
);

CREATE INDEX template_client_id_id_idx ON template (client_id, id);
CREATE INDEX template_category_id_idx ON template (category_id);

CREATE TABLE template_version (
  template_id uuid NOT NULL,
  version integer NOT NULL,
  from_address text,
  from_name text,
  subject text NOT NULL,
  html text,
  text text,
  attachment_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT template_version_pkey PRIMARY KEY (template_id, version),
  CONSTRAINT template_version_template_id_fkey FOREIGN KEY (template_id) REFERENCES template (id) ON DELETE CASCADE
);

-- `busy_until`: one push to an account at a time. `retry_at`: a worker has to look at the copy, because its template was
-- deleted or restored.
CREATE TABLE template_copy (
  template_id uuid NOT NULL,
  provider text NOT NULL,
  provider_template_id text,
  provider_category_id text,
  version integer,
  fingerprint text,
  removed boolean NOT NULL DEFAULT false,
  pushed_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  busy_until timestamptz(3),
  retry_at timestamptz(3),

  CONSTRAINT template_copy_pkey PRIMARY KEY (template_id, provider),
  CONSTRAINT template_copy_template_id_fkey FOREIGN KEY (template_id) REFERENCES template (id) ON DELETE CASCADE
);

CREATE INDEX template_copy_provider_provider_template_id_idx ON template_copy (provider, provider_template_id);
CREATE INDEX template_copy_retry_at_idx ON template_copy (retry_at) WHERE retry_at IS NOT NULL;

CREATE TABLE template_category_copy (
  category_id uuid NOT NULL,
  provider text NOT NULL,
  provider_category_id text NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- A push made the category at the provider. Only such categories are removed there together with the gateway's own.
  made boolean NOT NULL DEFAULT true,

  CONSTRAINT template_category_copy_pkey PRIMARY KEY (category_id, provider),
  CONSTRAINT template_category_copy_category_id_fkey FOREIGN KEY (category_id) REFERENCES template_category (id)
    ON DELETE CASCADE
);

-- Categories to remove at accounts, because the gateway's own have been deleted.
CREATE TABLE template_category_removal (
  provider text NOT NULL,
  provider_category_id text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  retry_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT template_category_removal_pkey PRIMARY KEY (provider, provider_category_id)
);

----------------------------------------------------------------------------------------------------------------------
-- Audience: contacts with any number of addresses, groups of contacts, and lists at providers that follow groups
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE contact (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  external_id text,
  name text,
  attributes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT contact_pkey PRIMARY KEY (id),
  CONSTRAINT contact_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX contact_client_id_external_id_key ON contact (client_id, external_id);
CREATE INDEX contact_client_id_id_idx ON contact (client_id, id);

CREATE TABLE contact_address (
  contact_id uuid NOT NULL,
  position integer NOT NULL,
  client_id uuid NOT NULL,
  address text NOT NULL,

  CONSTRAINT contact_address_pkey PRIMARY KEY (contact_id, position),
  CONSTRAINT contact_address_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE
);

-- An address belongs to one contact of a client, whatever its case.
CREATE UNIQUE INDEX contact_address_key ON contact_address (client_id, lower(address));

CREATE TABLE contact_group (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  description text,
  member_count integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT contact_group_pkey PRIMARY KEY (id),
  CONSTRAINT contact_group_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX contact_group_client_id_name_key ON contact_group (client_id, name);
CREATE INDEX contact_group_client_id_id_idx ON contact_group (client_id, id);

CREATE TABLE group_member (
  group_id uuid NOT NULL,
  contact_id uuid NOT NULL,

  CONSTRAINT group_member_pkey PRIMARY KEY (group_id, contact_id),
  CONSTRAINT group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES contact_group (id) ON DELETE CASCADE,
  CONSTRAINT group_member_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE
);

CREATE INDEX group_member_contact_id_idx ON group_member (contact_id);

-- The number of members is stored with the group and follows every statement. Groups are locked in order, so that two
-- statements cannot deadlock.
CREATE FUNCTION group_members_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM contact_group WHERE id IN (SELECT group_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
  UPDATE contact_group g
  SET member_count = g.member_count + CASE TG_OP WHEN 'INSERT' THEN c.members ELSE -c.members END
  FROM (SELECT group_id, count(*)::int AS members FROM changed GROUP BY group_id) AS c
  WHERE g.id = c.group_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER group_members_added AFTER INSERT ON group_member
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION group_members_changed();

CREATE TRIGGER group_members_removed AFTER DELETE ON group_member
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION group_members_changed();

-- A group as a provider's own list. The row is written, with the list's name there, before the list is made, and
-- outlives the group, so that what was deleted here can be deleted there.
CREATE TABLE group_copy (
  group_id uuid NOT NULL,
  provider text NOT NULL,
  client_id uuid NOT NULL,
  remote_id text,
  pushed_at timestamptz(3),
  remote_name text,
  group_name text,
  address_count integer NOT NULL DEFAULT 0,
  -- The list has everybody who was in the group at its last push.
  in_step boolean NOT NULL DEFAULT false,
  -- There is work for the next worker, which takes the lease.
  wanted_at timestamptz(3),
  lease_until timestamptz(3),
  lease_token integer NOT NULL DEFAULT 0,

  CONSTRAINT group_copy_pkey PRIMARY KEY (group_id, provider),
  CONSTRAINT group_copy_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX group_copy_provider_remote_name_key ON group_copy (provider, remote_name);
CREATE INDEX group_copy_client_id_provider_idx ON group_copy (client_id, provider);
CREATE INDEX group_copy_wanted_at_idx ON group_copy (wanted_at) WHERE wanted_at IS NOT NULL;

CREATE FUNCTION group_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE group_copy SET wanted_at = now(), in_step = false WHERE group_id = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER group_deleted AFTER DELETE ON contact_group FOR EACH ROW EXECUTE FUNCTION group_deleted();

-- The addresses that the provider's list has: no vendor can be asked for them. Written before the provider is told and
-- confirmed after, so whatever a crash leaves behind may exist there.
CREATE TABLE group_copy_address (
  group_id uuid NOT NULL,
  provider text NOT NULL,
  contact_id uuid NOT NULL,
  address text NOT NULL,
  confirmed boolean NOT NULL DEFAULT false,

  CONSTRAINT group_copy_address_pkey PRIMARY KEY (group_id, provider, contact_id, address),
  CONSTRAINT group_copy_address_group_id_provider_fkey FOREIGN KEY (group_id, provider)
    REFERENCES group_copy (group_id, provider) ON DELETE CASCADE
);

CREATE INDEX group_copy_address_provider_contact_id_idx ON group_copy_address (provider, contact_id);
CREATE INDEX group_copy_address_provider_address_idx ON group_copy_address (provider, address);

----------------------------------------------------------------------------------------------------------------------
-- Suppressions
----------------------------------------------------------------------------------------------------------------------

-- Addresses that receive no mail, for the whole gateway: one company, one opt-out. A removed entry stays as a row with a
-- time, so that a provider's older entry does not bring it back.
CREATE TABLE suppression (
  address text NOT NULL,
  scope text NOT NULL,
  reason text,
  source text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3),
  removed_at timestamptz(3),

  CONSTRAINT suppression_pkey PRIMARY KEY (address, scope),
  CONSTRAINT suppression_address_is_lower_case CHECK (address = lower(address)),
  CONSTRAINT suppression_scope_is_known CHECK (scope IN ('marketing', 'all'))
);

-- Whether the list has grown since a message was accepted.
CREATE INDEX suppression_created_at_idx ON suppression (created_at);
-- Removals are few, and every comparison with a provider looks for them.
CREATE INDEX suppression_removed_idx ON suppression (address) WHERE removed_at IS NOT NULL;

-- What the gateway knows about an account's own list. It is the base from which changes on both sides are told apart.
-- 'told': the account was given the address, but its list has not shown it yet. 'seen': the list has shown it, so its
-- absence means that it was removed there. `stamp` is the account's text for when the entry was made: another text is
-- another entry, whatever time zone its clock has.
CREATE TABLE suppression_copy (
  provider text NOT NULL,
  address text NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  state text NOT NULL DEFAULT 'seen',
  stamp text,

  CONSTRAINT suppression_copy_pkey PRIMARY KEY (provider, address),
  CONSTRAINT suppression_copy_state_is_known CHECK (state IN ('told', 'seen'))
);

-- How far an account's list has been compared with the gateway's. A pass is one comparison; `step` and `cursor` say
-- where it is, so that another worker can continue it.
CREATE TABLE suppression_sync (
  provider text NOT NULL,
  step text,
  whole boolean NOT NULL DEFAULT true,
  since timestamptz(3),
  cursor json,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  whole_at timestamptz(3),
  counts jsonb NOT NULL DEFAULT '{}',
  next_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  lease_until timestamptz(3),
  lease_token integer NOT NULL DEFAULT 0,

  CONSTRAINT suppression_sync_pkey PRIMARY KEY (provider),
  CONSTRAINT suppression_sync_step_is_known CHECK (step IN ('read', 'missing', 'add', 'remove'))
);

-- The addresses that a group's lists should have, one row each, without those that receive no mail at all.
CREATE FUNCTION list_addresses(of_group uuid, after uuid)
RETURNS TABLE (contact_id uuid, address text) LANGUAGE sql STABLE AS $$
  SELECT m.contact_id, a.address
  FROM group_member m JOIN contact_address a ON a.contact_id = m.contact_id
  WHERE m.group_id = of_group AND m.contact_id > after
    AND NOT EXISTS (
      SELECT FROM suppression s
      WHERE s.address = lower(a.address) AND s.scope = 'all' AND s.removed_at IS NULL
        AND (s.expires_at IS NULL OR s.expires_at > now())
    )
$$;

-- The recipients in a range of positions that are on the list and have no status of their own yet, with the reason.
CREATE FUNCTION listed_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS TABLE (at integer, why text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  -- One look-up by address takes as long as reading four recipients.
  short constant integer := (last - first + 1) / 4;
  listed integer := (SELECT count(*) FROM (SELECT FROM suppression LIMIT short + 1) AS entry);
BEGIN
  IF listed <= short THEN
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    -- The message's id is not a constant here, and positions are not compared in the inner query: for a message newer
    -- than the table's statistics the planner assumes one recipient, and would read all of them for each address.
    FROM (SELECT of_message AS id OFFSET 0) AS m
    CROSS JOIN suppression s
    CROSS JOIN LATERAL (
      SELECT position FROM recipient
      WHERE message_id = m.id AND lower(address) = s.address AND status IS NULL OFFSET 0
    ) AS r
    WHERE r.position BETWEEN first AND last AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    ORDER BY r.position, s.scope;
  ELSE
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    FROM recipient r JOIN suppression s ON s.address = lower(r.address)
    WHERE r.message_id = of_message AND r.position BETWEEN first AND last AND r.status IS NULL
      AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    ORDER BY r.position, s.scope;
  END IF;
END
$$;

-- Marks the recipients of a message that are suppressed and still follow their batch, and moves all counts with them.
-- Returns their number. The caller holds no lock on the message. Nothing here is a join that could read the message once
-- per hit, or every batch once per hit.
CREATE FUNCTION suppress_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  places integer[];
  reasons jsonb;
  batches uuid[];
  starts integer[];
  marked integer;
BEGIN
  SELECT array_agg(at), jsonb_object_agg(at, why) INTO places, reasons
  FROM listed_recipients(of_message, for_category, first, last);
  IF places IS NULL THEN RETURN 0; END IF;
  SELECT array_agg(id ORDER BY position_from), array_agg(position_from ORDER BY position_from) INTO batches, starts
  FROM batch WHERE message_id = of_message AND status <> 'replanned';
  WITH hit AS (
    UPDATE recipient SET status = 'suppressed', updated_at = now(), reason = reasons ->> position::text
    WHERE message_id = of_message AND position = ANY (places) AND status IS NULL
    RETURNING position
  ), per_batch AS (
    SELECT batches[width_bucket(position, starts)] AS id, count(*)::integer AS n FROM hit GROUP BY 1
  ), moved AS (
    UPDATE batch b
    SET follower_count = b.follower_count - per_batch.n,
      counts = counts_add(b.counts, jsonb_build_object('suppressed', per_batch.n)),
      status = CASE WHEN b.follower_count = per_batch.n THEN 'settled' ELSE b.status END,
      settled_at = CASE WHEN b.follower_count = per_batch.n THEN now() ELSE b.settled_at END
    FROM per_batch WHERE b.id = per_batch.id
    RETURNING per_batch.n
  )
  SELECT coalesce(sum(n), 0) INTO marked FROM moved;
  IF marked > 0 THEN
    UPDATE message
    SET counts = counts_add(counts, jsonb_build_object('suppressed', marked)), suppressed_count = suppressed_count + marked
    WHERE id = of_message;
  END IF;
  RETURN marked;
END
$$;

----------------------------------------------------------------------------------------------------------------------
-- Provider accounts: what all workers know about an account
----------------------------------------------------------------------------------------------------------------------

CREATE TABLE provider_account (
  name text NOT NULL,
  paused_at timestamptz(3),
  pause_reason text,
  last_success timestamptz(3),
  last_failure timestamptz(3),
  failure_words text,
  -- 'operator', or 'gateway' when the provider refused the credentials.
  paused_by text,
  -- Consecutive failures that were no verdict on a mail.
  failures integer NOT NULL DEFAULT 0,
  -- The breaker is open until this time; then one batch may try.
  open_until timestamptz(3),
  open_reason text,
  -- The next moment that the account's pace leaves free.
  pace_at timestamptz(3),

  CONSTRAINT provider_account_pkey PRIMARY KEY (name)
);

CREATE TABLE provider_usage (
  provider text NOT NULL,
  month date NOT NULL,
  recipients bigint NOT NULL,

  CONSTRAINT provider_usage_pkey PRIMARY KEY (provider, month)
);

-- Whether an account still has a feature that a vendor may retire, as last seen.
CREATE TABLE provider_feature (
  provider text NOT NULL,
  feature text NOT NULL,
  retired boolean NOT NULL,
  checked_at timestamptz(3) NOT NULL,
  code text,
  message text,

  CONSTRAINT provider_feature_pkey PRIMARY KEY (provider, feature)
);

----------------------------------------------------------------------------------------------------------------------
-- Statistics, kept in the transactions that change recipients and batches
----------------------------------------------------------------------------------------------------------------------

-- Every change adds rows, one for each domain of the recipients that changed. Rows are only added, so no two
-- transactions wait for each other. The worker rolls them up into `statistic`; readers add both, in one statement.
CREATE TABLE statistic_delta (
  id bigserial NOT NULL,
  message_id uuid NOT NULL,
  domain text NOT NULL,
  -- The account, if it is no longer the message's.
  provider text,
  requested integer NOT NULL DEFAULT 0,
  submitted integer NOT NULL DEFAULT 0,
  sent integer NOT NULL DEFAULT 0,
  delivered integer NOT NULL DEFAULT 0,
  opened integer NOT NULL DEFAULT 0,
  bounced integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  suppressed integer NOT NULL DEFAULT 0,

  CONSTRAINT statistic_delta_pkey PRIMARY KEY (id)
);

-- By the hour in which messages were due, and by their properties. A row without a domain is the sum over domains. `key`
-- is a digest of the columns from `provider` to `domain`, so that long tags fit into an index.
CREATE TABLE statistic (
  hour timestamptz(3) NOT NULL,
  client_id uuid NOT NULL,
  key uuid NOT NULL,
  provider text NOT NULL,
  category category NOT NULL,
  template text,
  tags text[],
  domain text,
  requested bigint NOT NULL,
  submitted bigint NOT NULL,
  sent bigint NOT NULL,
  delivered bigint NOT NULL,
  opened bigint NOT NULL,
  bounced bigint NOT NULL,
  failed bigint NOT NULL,
  suppressed bigint NOT NULL,

  CONSTRAINT statistic_pkey PRIMARY KEY (hour, client_id, key)
);

CREATE INDEX statistic_total_idx ON statistic (hour, client_id) WHERE domain IS NULL;

CREATE FUNCTION domain_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT split_part(address, '@', -1)
$$;

-- The account that has a recipient now, after a failover.
CREATE FUNCTION provider_of(of_message uuid, of_position integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT provider FROM batch
  WHERE message_id = of_message AND position_from <= of_position AND status <> 'replanned'
  ORDER BY position_from DESC LIMIT 1
$$;

-- New recipients: requested, and perhaps refused at once. Rows that are copied into a partition by its own name are not
-- counted here but on their way (`copyRecipients` in libs/database): a statement trigger fires for the table that the
-- statement names.
CREATE FUNCTION recipient_insert_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, requested, sent, delivered, opened, bounced, failed, suppressed)
  SELECT message_id, domain_of(address), count(*), count(*) FILTER (WHERE status IN ('sent', 'delivered')),
    count(*) FILTER (WHERE status = 'delivered'), count(opened_at), count(*) FILTER (WHERE status = 'bounced'),
    count(*) FILTER (WHERE status IN ('failed', 'rejected', 'expired')), count(*) FILTER (WHERE status = 'suppressed')
  FROM added GROUP BY message_id, domain_of(address);
  RETURN NULL;
END
$$;

CREATE TRIGGER recipient_insert_moves_statistics AFTER INSERT ON recipient
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION recipient_insert_moves_statistics();

-- Recipients with news of their own: what they are now, less what they were.
CREATE FUNCTION recipient_update_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Few messages have changed accounts. Only for those is the batch of each recipient looked up.
  failed_over uuid[] := ARRAY(
    SELECT id FROM message
    WHERE id IN (SELECT DISTINCT message_id FROM after) AND json_array_length(routing -> 'failovers') > 0);
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, sent, delivered, opened, bounced, failed, suppressed)
  SELECT * FROM (
    SELECT message_id, domain_of(address),
      CASE WHEN message_id = ANY (failed_over) THEN provider_of(message_id, position) END AS provider,
      coalesce(sum(n) FILTER (WHERE status IN ('sent', 'delivered')), 0) AS sent,
      coalesce(sum(n) FILTER (WHERE status = 'delivered'), 0) AS delivered,
      coalesce(sum(n) FILTER (WHERE opened_at IS NOT NULL), 0) AS opened,
      coalesce(sum(n) FILTER (WHERE status = 'bounced'), 0) AS bounced,
      coalesce(sum(n) FILTER (WHERE status IN ('failed', 'rejected', 'expired')), 0) AS failed,
      coalesce(sum(n) FILTER (WHERE status = 'suppressed'), 0) AS suppressed
    FROM (
      SELECT message_id, position, address, status, opened_at, -1 AS n FROM before
      UNION ALL SELECT message_id, position, address, status, opened_at, 1 FROM after
    ) AS change
    GROUP BY 1, 2, 3
  ) AS moved
  WHERE (sent, delivered, opened, bounced, failed, suppressed) <> (0, 0, 0, 0, 0, 0);
  RETURN NULL;
END
$$;

CREATE TRIGGER recipient_update_moves_statistics AFTER UPDATE ON recipient
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION recipient_update_moves_statistics();

-- A batch was accepted by a provider: all but its suppressed recipients are submitted. It failed: so did its followers.
-- Another account took it over: it was requested from that one, and no longer from this one.
CREATE FUNCTION batches_move_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested, submitted, failed)
  -- First the batches, then their recipients: the other way round, every poll of a large message would read all of it.
  WITH moved AS MATERIALIZED (
    SELECT * FROM (
      SELECT n.message_id, n.provider, n.position_from, n.position_to,
        o.submitted_at IS NULL AND n.submitted_at IS NOT NULL AS taken,
        n.status IN ('failed', 'expired') AND o.status NOT IN ('failed', 'expired') AS ended,
        n.status = 'replanned' AND o.status <> 'replanned' AS left_over
      FROM after n JOIN before o USING (id)
    ) AS step
    WHERE taken OR ended OR left_over
  )
  SELECT b.message_id, domain_of(r.address), b.provider, -count(*) FILTER (WHERE b.left_over),
    count(*) FILTER (WHERE b.taken AND r.status IS DISTINCT FROM 'suppressed'),
    count(*) FILTER (WHERE b.ended AND r.status IS NULL)
  FROM moved b
  -- Each range by the key.
  CROSS JOIN LATERAL (
    SELECT address, status FROM recipient
    WHERE message_id = b.message_id AND position BETWEEN b.position_from AND b.position_to OFFSET 0
  ) AS r
  GROUP BY b.message_id, domain_of(r.address), b.provider;
  RETURN NULL;
END
$$;

CREATE TRIGGER batches_move_statistics AFTER UPDATE ON batch
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION batches_move_statistics();

CREATE FUNCTION batch_insert_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested)
  SELECT NEW.message_id, domain_of(address), NEW.provider, count(*)
  FROM recipient
  WHERE message_id = NEW.message_id AND position BETWEEN NEW.position_from AND NEW.position_to
  GROUP BY domain_of(address);
  RETURN NULL;
END
$$;

CREATE TRIGGER batch_insert_moves_statistics AFTER INSERT ON batch
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION batch_insert_moves_statistics();

-- Deltas with the properties of their messages.
CREATE FUNCTION statistic_waiting() RETURNS TABLE (id bigint, hour timestamptz, client_id uuid, provider text,
  category category, template text, tags text[], domain text, requested bigint, submitted bigint, sent bigint,
  delivered bigint, opened bigint, bounced bigint, failed bigint, suppressed bigint)
LANGUAGE sql STABLE AS $$
SELECT d.id, date_trunc('hour', coalesce(m.send_at, m.created_at), 'UTC') AS hour, m.client_id, coalesce(d.provider, m.provider), m.category,
  CASE WHEN m.template_id IS NOT NULL THEN m.template_id::text
       WHEN m.provider_template_id IS NOT NULL THEN m.provider || ':' || m.provider_template_id END AS template,
  coalesce(m.tags, '{}') AS tags, d.domain, d.requested, d.submitted, d.sent, d.delivered, d.opened, d.bounced, d.failed,
  d.suppressed
FROM statistic_delta d JOIN message m ON m.id = d.message_id
$$;

-- Rolls up the oldest deltas, in one process at a time. Returns their number.
CREATE FUNCTION roll_up_statistics(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  taken bigint[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(7305) THEN RETURN 0; END IF;
  taken := ARRAY(SELECT id FROM statistic_delta ORDER BY id LIMIT most);
  IF cardinality(taken) = 0 THEN RETURN 0; END IF;
  INSERT INTO statistic AS s
  SELECT hour, client_id, md5(row(provider, category, template, tags, domain)::text)::uuid, provider, category, template,
    tags, domain, sum(requested), sum(submitted), sum(sent), sum(delivered), sum(opened), sum(bounced), sum(failed),
    sum(suppressed)
  FROM statistic_waiting() WHERE id = ANY (taken)
  GROUP BY GROUPING SETS (
    (hour, client_id, provider, category, template, tags, domain), (hour, client_id, provider, category, template, tags))
  ON CONFLICT (hour, client_id, key) DO UPDATE
  SET requested = s.requested + excluded.requested, submitted = s.submitted + excluded.submitted,
    sent = s.sent + excluded.sent, delivered = s.delivered + excluded.delivered, opened = s.opened + excluded.opened,
    bounced = s.bounced + excluded.bounced, failed = s.failed + excluded.failed,
    suppressed = s.suppressed + excluded.suppressed;
  DELETE FROM statistic_delta WHERE id = ANY (taken);
  RETURN cardinality(taken);
END
$$;

----------------------------------------------------------------------------------------------------------------------
-- Partitions of `recipient` and `event`, by month
----------------------------------------------------------------------------------------------------------------------

-- Keys are UUIDv7, whose first 48 bits are milliseconds since 1970: a range of keys is a range of time, and dropping a
-- partition is the retention.
CREATE FUNCTION uuid7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- How partitions are stored and vacuumed. By default autovacuum waits for a fifth of a table: with ten million
-- recipients that is two million dead rows, and as many new ones before a month's pages are marked all-visible.
--
-- `recipient` is appended to, and most rows are updated once. A vacuum after each twentieth keeps little dead space and
-- spreads the work. A tenth of each page stays free for updates of few recipients (late bounces, opens). `event` is only
-- appended to: its pages are packed full, and only inserts matter. Both are read by key, so the default for analyze,
-- after a tenth, is enough.
CREATE FUNCTION partition_storage(parent text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE parent
    WHEN 'recipient' THEN ARRAY[
      'fillfactor=90', 'autovacuum_vacuum_scale_factor=0.05', 'autovacuum_vacuum_insert_scale_factor=0.05']
    ELSE ARRAY['fillfactor=100', 'autovacuum_vacuum_insert_scale_factor=0.05']
  END
$$;

-- Makes the partitions of this month and the next ones, if they are missing. Returns how many it made. COPY writes into a
-- partition by its own name, so each has the privileges of its parent.
CREATE FUNCTION ensure_partitions(months_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first_day timestamptz;
  name text;
  allowed record;
  made integer := 0;
BEGIN
  FOR i IN 0 .. months_ahead LOOP
    first_day := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => i);
    FOREACH parent IN ARRAY ARRAY['recipient', 'event'] LOOP
      name := parent || '_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
      CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (%s)', name, parent,
        uuid7_floor(first_day), uuid7_floor((first_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'),
        array_to_string(partition_storage(parent), ', '));
      FOR allowed IN
        SELECT a.privilege_type AS privilege, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS role
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
        WHERE c.oid = to_regclass(format('%I', parent)) AND a.grantee <> c.relowner
      LOOP
        EXECUTE format('GRANT %s ON %I TO %s', allowed.privilege, name, allowed.role);
      END LOOP;
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

-- Partitions do not inherit storage settings. Changes those that lack them: after a release that changes
-- `partition_storage`, and for partitions made by hand.
CREATE FUNCTION shape_partitions() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  part record;
  shaped integer := 0;
BEGIN
  FOR part IN
    SELECT c.oid::regclass AS name, partition_storage(p.relname) AS wanted
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.oid IN ('recipient'::regclass, 'event'::regclass)
      AND NOT coalesce(c.reloptions, '{}') @> partition_storage(p.relname)
  LOOP
    EXECUTE format('ALTER TABLE %s SET (%s)', part.name, array_to_string(part.wanted, ', '));
    shaped := shaped + 1;
  END LOOP;
  RETURN shaped;
END
$$;

-- Drops a month that is over. The caller has locked it and made sure that nothing in it is kept.
CREATE FUNCTION drop_partition(partition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF partition !~ '^(recipient|event)_\d{4}_\d{2}$'
    OR (to_date(right(partition, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' > now()
    OR NOT EXISTS (
      SELECT FROM pg_inherits WHERE inhrelid = to_regclass(partition)
        AND inhparent IN ('recipient'::regclass, 'event'::regclass))
  THEN
    RAISE EXCEPTION '% is not a month of recipients or events that is over', partition;
  END IF;
  EXECUTE format('DROP TABLE %I', partition);
END
$$;

-- Upkeep changes tables, and the application's role owns none: these three functions run as the owner. Their search path
-- is fixed, so that a caller cannot put tables or functions of its own in their way, and only roles that
-- `npm run migrate` grants it to may call them.
DO $$
DECLARE
  upkeep text;
BEGIN
  FOREACH upkeep IN ARRAY ARRAY['ensure_partitions(integer)', 'shape_partitions()', 'drop_partition(text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', upkeep);
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', upkeep, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', upkeep);
  END LOOP;
END
$$;

-- Rows that no monthly partition takes (a wrong clock, a gateway that was off for months) are kept all the same.
CREATE TABLE recipient_default PARTITION OF recipient DEFAULT;
CREATE TABLE event_default PARTITION OF event DEFAULT;
SELECT ensure_partitions(2);
SELECT shape_partitions();
