const LANES = 3;
const FIRST_CAPACITY = 1024;

/**
 * Addresses that were seen, as hashes of 96 bits in one flat table: 24 bytes an address whatever its length, so that
 * millions of recipients can be checked for duplicates while they stream by. Two different addresses among five
 * million are taken for one with a probability of about 10^-16.
 */
export class AddressSet {
  private slots = new Uint32Array(FIRST_CAPACITY * LANES);
  private capacity = FIRST_CAPACITY;
  private size = 0;

  /** @returns false when the key was there already. */
  add(key: string): boolean {
    const a = hash(key, 0x9e3779b1) || 1;
    const b = hash(key, 0x85ebca6b);
    const c = hash(key, 0xc2b2ae35);
    if (!this.insert(a, b, c)) return false;
    this.size += 1;
    if (this.size * 2 > this.capacity) this.grow();
    return true;
  }

  /** Linear probing; a first lane of 0 is an empty slot. */
  private insert(a: number, b: number, c: number): boolean {
    for (let slot = a & (this.capacity - 1); ; slot = (slot + 1) & (this.capacity - 1)) {
      const at = slot * LANES;
      if (this.slots[at] === 0) {
        this.slots[at] = a;
        this.slots[at + 1] = b;
        this.slots[at + 2] = c;
        return true;
      }
      if (this.slots[at] === a && this.slots[at + 1] === b && this.slots[at + 2] === c) return false;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.capacity *= 2;
    this.slots = new Uint32Array(this.capacity * LANES);
    for (let at = 0; at < old.length; at += LANES) {
      const a = old[at] ?? 0;
      if (a !== 0) this.insert(a, old[at + 1] ?? 0, old[at + 2] ?? 0);
    }
  }
}

/** MurmurHash3 (32 bits) over the UTF-16 units of the key. */
function hash(key: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < key.length; i += 1) {
    let k = Math.imul(key.charCodeAt(i), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= key.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
