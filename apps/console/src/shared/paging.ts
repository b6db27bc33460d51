/** The page before each cursor that this page has come by. */
const before = new Map<string, string | undefined>();

/**
 * Both ways through a list whose server knows only forward. A page that was opened by its address goes back to the newest.
 *
 * @param next `nextCursor` of the page shown
 */
export function paging(
  cursor: string | undefined,
  next: string | null | undefined,
  go: (cursor: string | undefined) => void,
): { readonly newer: (() => void) | undefined; readonly older: (() => void) | undefined } {
  return {
    newer: cursor === undefined ? undefined : () => go(before.get(cursor)),
    older: next
      ? () => {
          before.set(next, cursor);
          go(next);
        }
      : undefined,
  };
}
