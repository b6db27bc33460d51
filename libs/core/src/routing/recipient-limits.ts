import type { Obstacle } from './obstacle.js';
import type { Recipient } from '../message.js';
import type { Capabilities } from '../provider-parts/capabilities.js';

type Judged = Pick<Capabilities, 'limits' | 'rules'>;

/** How long a name is, in the unit in which an account counts it. Characters are UTF-16 units, the stricter reading. */
export const nameLength = (name: string, unit: Capabilities['rules']['recipientNameUnit']): number =>
  unit === 'bytes' ? Buffer.byteLength(name, 'utf8') : name.length;

/** Does the account take this recipient's address and name? */
export const fits = ({ address, name }: Pick<Recipient, 'address' | 'name'>, { limits, rules }: Judged): boolean =>
  address.length <= limits.recipientAddressLength &&
  (name === undefined || nameLength(name, rules.recipientNameUnit) <= limits.recipientNameLength);

type Where = Pick<Obstacle, 'pointer' | 'line'>;

/** Recipients that come from the database have no place in the request. */
export function whereIs({ place, hasMembers }: Recipient, member = ''): Where {
  if (place === undefined) return { pointer: '/recipients' };
  const pointer = hasMembers ? place.pointer + member : place.pointer;
  return place.line === undefined ? { pointer } : { pointer, line: place.line };
}

const partOf = ({ place }: Recipient): string => (place?.part === undefined ? '' : `mailbox ${place.part.number}: `);

/**
 * Finds the first recipients that one account can't take while all recipients pass by. It keeps what it says of them,
 * never the recipients.
 */
export class RecipientWatch {
  private address: Obstacle | undefined;
  private name: Obstacle | undefined;
  private count = 0;
  /** The first recipient that is too many for one shared mail. */
  excess: Where | undefined;

  constructor(private readonly account: Judged) {}

  add(recipient: Recipient): void {
    this.count += 1;
    if (this.count === this.account.limits.recipientsPerSharedMail + 1) this.excess = whereIs(recipient);
    if (this.address === undefined) this.checkAddress(recipient);
    if (this.name === undefined && recipient.name !== undefined) this.checkName(recipient, recipient.name);
  }

  get obstacles(): readonly Obstacle[] {
    return [this.address, this.name].filter((obstacle) => obstacle !== undefined);
  }

  private checkAddress(recipient: Recipient): void {
    const most = this.account.limits.recipientAddressLength;
    const { length } = recipient.address;
    if (length <= most) return;
    const detail = `${partOf(recipient)}the recipient's address has ${length} characters, it takes ${most}`;
    this.address = { ...whereIs(recipient, '/address'), code: 'too_long', detail };
  }

  private checkName(recipient: Recipient, name: string): void {
    const { recipientNameLength: most } = this.account.limits;
    const { recipientNameUnit: unit } = this.account.rules;
    // A UTF-16 unit has at most three bytes: most names need not be measured.
    if (name.length * 3 <= most) return;
    const length = nameLength(name, unit);
    if (length <= most) return;
    const detail = `${partOf(recipient)}the recipient's name has ${length} ${unit}, it takes ${most}`;
    this.name = { ...whereIs(recipient, '/name'), code: 'too_long', detail };
  }
}
