/**
 * Finds the store of an account ($1) at a project ($2), and remembers it: the one that another account of the project
 * has, else the account's own from before, else a new one of its name. Callers take accounts in the order of their names
 * within one transaction, so that two processes agree.
 */
export const CLAIM = `
  WITH shared AS (
    SELECT store FROM account_store WHERE project = $2 AND account <> $1 ORDER BY account LIMIT 1
  )
  INSERT INTO account_store AS mine (account, project, store)
  VALUES ($1, $2, coalesce((SELECT store FROM shared), $1))
  ON CONFLICT (account) DO UPDATE
  SET project = excluded.project,
    store = CASE WHEN mine.project = excluded.project THEN mine.store
      ELSE coalesce((SELECT store FROM shared), mine.store) END
  RETURNING store`;
