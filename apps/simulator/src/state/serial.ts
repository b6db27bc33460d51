/**
 * Integer ids of resources (NCP sid, NHN fileId and categoryId). A run starts a hundred per second after the last one
 * began, so that a restarted simulator does not give an old id to something new; it stays within 32 bits.
 */
export class Serial {
  #next = (Math.floor(Date.now() / 1_000) % 20_000_000) * 100 + 1;

  next(): number {
    return this.#next++;
  }
}
