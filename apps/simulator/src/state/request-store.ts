import { firstMailNumber } from './ids.js';
import type { Acceptance, AcceptedRequest, Provider } from './accepted-request.js';
import type { VendorState } from './vendor-state.js';

/** Every accepted send request in order of acceptance. Nothing is ever removed except by `clear`. */
export class RequestStore {
  #requests: AcceptedRequest[] = [];
  #byId = new Map<string, AcceptedRequest>();
  #nextMail = firstMailNumber(Date.now());
  #serial = 0;

  constructor(private readonly vendors: ReadonlyMap<Provider, Pick<VendorState, 'requestId'>>) {}

  /** Records an acceptance under the next id of its vendor's form. */
  add(acceptance: Acceptance, visibleAt: number): AcceptedRequest {
    this.#serial += 1;
    const mailCount = Math.ceil(acceptance.recipients.count / acceptance.mailSize);
    const vendor = this.vendors.get(acceptance.provider);
    if (vendor === undefined) throw new Error(`the simulator has no vendor "${acceptance.provider}"`);
    const requestId = vendor.requestId(acceptance.course.acceptedAt, this.#serial, acceptance.reservedAt !== null);
    const place = { index: this.#requests.length, requestId, mailCount, firstMail: this.#nextMail, visibleAt };
    const request: AcceptedRequest = { ...acceptance, ...place };
    this.#nextMail += mailCount;
    this.#requests.push(request);
    this.#byId.set(requestId, request);
    return request;
  }

  all(): readonly AcceptedRequest[] {
    return this.#requests;
  }

  byId(requestId: string): AcceptedRequest | undefined {
    return this.#byId.get(requestId);
  }

  /** Requests that a vendor's reads may show: those of one provider and scope that are visible by now, oldest first. */
  visible(provider: Provider, scope: string, now: number): AcceptedRequest[] {
    return this.#requests.filter((r) => r.provider === provider && r.scope === scope && r.visibleAt <= now);
  }

  /** The request that holds mail number `mail` (see AcceptedRequest.firstMail). */
  byMailNumber(mail: number): AcceptedRequest | undefined {
    let [low, high] = [0, this.#requests.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const request = this.#requests[middle];
      if (!request) return undefined;
      const mailInRequest = mail - request.firstMail;
      if (mailInRequest >= 0 && mailInRequest < request.mailCount) return request;
      if (mailInRequest < 0) high = middle - 1;
      if (mailInRequest >= 0) low = middle + 1;
    }
    return undefined;
  }

  /** Forgets all requests. Serial numbers go on, so ids are never used twice. */
  clear(): void {
    this.#requests = [];
    this.#byId = new Map();
  }
}
