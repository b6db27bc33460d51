/** Times are epoch ms. */
export interface Tag {
  readonly tagId: string;
  readonly tagName: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Contact {
  readonly contact: string;
  readonly createdAt: number;
}

/** Somebody with tags and mail addresses; addresses are keyed without case. */
export interface Uid {
  readonly uid: string;
  readonly tagIds: Set<string>;
  readonly contacts: Map<string, Contact>;
}

/** A tag mail's data beyond an accepted request. */
export interface TagMail {
  readonly tagExpression: readonly string[];
  /** False: it waits for a confirmation in the console, which never happens. */
  readonly autoSend: boolean;
  readonly createUser: string | null;
}

/** Tags, UIDs and tag mails of one NHN app key. */
export class TagBook {
  readonly tags = new Map<string, Tag>();
  readonly uids = new Map<string, Uid>();
  /** By requestId. */
  readonly mails = new Map<string, TagMail>();

  /** Removes a tag, from all contacts too. */
  removeTag(tagId: string): void {
    this.tags.delete(tagId);
    for (const { tagIds } of this.uids.values()) tagIds.delete(tagId);
  }

  /** The UID, made if it is new. */
  uidFor(uid: string): Uid {
    const known = this.uids.get(uid) ?? { uid, tagIds: new Set<string>(), contacts: new Map<string, Contact>() };
    this.uids.set(uid, known);
    return known;
  }

  /** UIDs that a test on their tags lets through, in the order of registration. */
  select(test: (tagIds: ReadonlySet<string>) => boolean): Uid[] {
    return [...this.uids.values()].filter(({ tagIds }) => test(tagIds));
  }
}

/** Adds an address unless it is there. */
export function addContact(uid: Uid, contact: string, now: number): void {
  const key = contact.toLowerCase();
  if (!uid.contacts.has(key)) uid.contacts.set(key, { contact, createdAt: now });
}
