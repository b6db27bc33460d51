-- Under which name the copies of an account's templates, lists and opt-outs are kept. Accounts of one project at the
-- vendor share what is there, so they share the copies: under the name of the account that used the project first.
CREATE TABLE account_store (
  account text NOT NULL,
  -- Opaque key of the project, as the adapter gave it last.
  project text NOT NULL,
  store text NOT NULL,

  CONSTRAINT account_store_pkey PRIMARY KEY (account)
);
