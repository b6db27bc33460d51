-- Mail that waits for its release. New values of a type can be used only after the transaction that adds them.
ALTER TYPE message_status ADD VALUE 'held' BEFORE 'scheduled';
ALTER TYPE recipient_status ADD VALUE 'held' BEFORE 'scheduled';
ALTER TYPE batch_status ADD VALUE 'held' BEFORE 'scheduled';
