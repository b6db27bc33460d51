-- `held_by`: the key that sent the message and must not release it. `released_at`: from then on, time runs for it.
ALTER TABLE message ADD COLUMN held_by uuid, ADD COLUMN released_at timestamptz(3);

-- Held mail is in no index that a sweep for due work reads, so it costs nothing while it waits. These are read for the
-- end of its time only.
CREATE INDEX batch_held_idx ON batch (due_at) WHERE status = 'held';
CREATE INDEX message_held_idx ON message (coalesce(send_at, created_at)) WHERE expansion = 'held';

-- The same rule as messageStatusOf in libs/core.
CREATE OR REPLACE FUNCTION derive_message_status(counts jsonb) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN count_of(counts, 'dispatching') + count_of(counts, 'unconfirmed') + count_of(counts, 'submitted')
      + count_of(counts, 'sending') > 0 THEN 'sending'
    WHEN count_of(counts, 'held') + count_of(counts, 'scheduled') + count_of(counts, 'queued')
      + count_of(counts, 'deferred') > 0 THEN CASE
      WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') + count_of(counts, 'bounced')
        + count_of(counts, 'failed') + count_of(counts, 'rejected') + count_of(counts, 'expired')
        + count_of(counts, 'unsubscribed') > 0 THEN 'sending'
      WHEN count_of(counts, 'queued') + count_of(counts, 'deferred') > 0 THEN 'queued'
      WHEN count_of(counts, 'scheduled') > 0 THEN 'scheduled'
      ELSE 'held' END
    WHEN count_of(counts, 'bounced') + count_of(counts, 'failed') + count_of(counts, 'rejected')
      + count_of(counts, 'expired') > 0 THEN
      CASE WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') > 0 THEN 'partially_failed' ELSE 'failed' END
    WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') = 0 AND count_of(counts, 'cancelled') > 0
      THEN 'cancelled'
    ELSE 'completed'
  END::message_status
$$;

-- The same rule as mayAdvance in libs/core.
CREATE OR REPLACE FUNCTION recipient_rank(status recipient_status) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE status
    WHEN 'held' THEN 0 WHEN 'scheduled' THEN 0 WHEN 'queued' THEN 1 WHEN 'deferred' THEN 1 WHEN 'dispatching' THEN 2
    WHEN 'unconfirmed' THEN 3 WHEN 'submitted' THEN 4 WHEN 'sending' THEN 5 WHEN 'sent' THEN 6 ELSE 7 END
$$;

-- The status of a message to a provider's list, which is that of its only batch until all recipients are known.
CREATE OR REPLACE FUNCTION list_status(status batch_status, listed boolean, recipients integer) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN listed OR status = 'settled' THEN NULL
    WHEN status = 'held' THEN 'held'
    WHEN status = 'scheduled' THEN 'scheduled'
    WHEN status IN ('queued', 'deferred', 'replanned') THEN 'queued'
    WHEN status IN ('dispatching', 'unconfirmed', 'submitted', 'sending') THEN 'sending'
    WHEN recipients > 0 THEN NULL
    WHEN status = 'cancelled' THEN 'cancelled'
    ELSE 'failed'
  END::message_status
$$;
