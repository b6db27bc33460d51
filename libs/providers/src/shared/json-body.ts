const ITEMS_PER_CHUNK = 1000;

/**
 * Writes `{…head, [member]: [items]}` as JSON in chunks of some hundred kilobytes, so that a request to 100,000
 * recipients neither becomes one giant string nor is copied to be joined. The bytes are those of one `JSON.stringify`.
 */
export function jsonBody<T>(head: object, member: string, items: readonly T[], write: (item: T) => object): Buffer[] {
  const opening = JSON.stringify(head).slice(0, -1);
  const comma = opening === '{' ? '' : ',';
  const chunks = [Buffer.from(`${opening}${comma}${JSON.stringify(member)}:[`)];
  for (let at = 0; at < items.length; at += ITEMS_PER_CHUNK) {
    const part = items.slice(at, at + ITEMS_PER_CHUNK).map(write);
    chunks.push(Buffer.from((at > 0 ? ',' : '') + JSON.stringify(part).slice(1, -1)));
  }
  chunks.push(Buffer.from(']}'));
  return chunks;
}
