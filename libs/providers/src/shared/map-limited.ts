/** Maps with at most `limit` calls at a time, keeping the order. The first error ends it; nothing new is begun then. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  const rest = items.entries();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) {
      if (failed) return;
      results[index] = await map(item);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  return results;
}
