const LANES = 3;
const { imul } = Math;
/** Most messages have one recipient. */
const FIRST_CAPACITY = 16;

/**
 * Addresses that were seen, as hashes of 96 bits in one flat table: 24 bytes an address whatever its length, so that
 * millions of recipients can be checked for duplicates while they stream by. Two different addresses among five
 * million are taken for one with a probability of about 10^-16.
 */
export class AddressSet {
  // Signed: unsigned ones would not all be small integers to V8.
  private slots = new Int32Array(FIRST_CAPACITY * LANES);
  private capacity = FIRST_CAPACITY;
  private size = 0;

  /** @returns false when the key was there already. */
  add(key: string): boolean {
    const [a, b, c] = hash(key);
    if (!this.insert(a || 1, b, c)) return false;
    this.size += 1;
    if (this.size * 2 > this.capacity) this.grow();
    return true;
  }

  /** Forgets all of them. */
  clear(): void {
    giveBack(this.slots);
    this.slots = new Int32Array(FIRST_CAPACITY * LANES);
    this.capacity = FIRST_CAPACITY;
    this.size = 0;
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
    this.slots = new Int32Array(this.capacity * LANES);
    for (let at = 0; at < old.length; at += LANES) {
      const a = old[at] ?? 0;
      if (a !== 0) this.insert(a, old[at + 1] ?? 0, old[at + 2] ?? 0);
    }
    giveBack(old);
  }
}

/** At once: the collector does not see what tens of megabytes outside of its heap weigh, and lets them pile up. */
const giveBack = (slots: Int32Array<ArrayBuffer>): void => void slots.buffer.transfer(0);

/** MurmurHash3 (32 bits) over the UTF-16 units of the key, two at a time, with three seeds in one pass. */
function hash(key: string): readonly [number, number, number] {
  let [a, b, c] = [0x9e3779b1 | 0, 0x85ebca6b | 0, 0xc2b2ae35 | 0];
  const { length } = key;
  for (let i = 0; i < length; i += 2) {
    const next = i + 1 < length ? key.charCodeAt(i + 1) : 0;
    let k = imul(key.charCodeAt(i) | (next << 16), 0xcc9e2d51);
    k = imul((k << 15) | (k >>> 17), 0x1b873593);
    a = mix(a, k);
    b = mix(b, k);
    c = mix(c, k);
  }
  return [finish(a ^ length), finish(b ^ length), finish(c ^ length)];
}

function mix(h: number, k: number): number {
  const mixed = h ^ k;
  return (imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  let last = imul(h ^ (h >>> 16), 0x85ebca6b);
  last = imul(last ^ (last >>> 13), 0xc2b2ae35);
  return last ^ (last >>> 16);
}
