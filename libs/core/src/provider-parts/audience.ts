/** A list of addresses at a provider. */
export interface ProviderList {
  /** The id by which calls and mails refer to it. */
  readonly id: string;
  readonly name: string;
  /** Absent: the provider does not count them. */
  readonly addressCount?: number;
}

/** A contact that a list must have. */
export interface ListMember {
  /** Public id of the contact, e.g. `con_…`: for providers that keep persons. */
  readonly id: string;
  /** Those that the list does not have yet. */
  readonly addresses: readonly string[];
  /** The list has others of its addresses already. */
  readonly known: boolean;
}

/** A contact that a list must not have any more. */
export interface ListLeaver {
  readonly id: string;
  readonly addresses: readonly string[];
  /** It keeps its place with other addresses. */
  readonly stays: boolean;
  /** Where the gateway has put it besides: ids of the other lists, and its addresses on them. */
  readonly elsewhere: { readonly lists: readonly string[]; readonly addresses: readonly string[] };
}

/** Lists at the account that a mail is sent to instead of recipients. */
export interface ListTarget {
  /** Ids of the lists. */
  readonly lists: readonly string[];
  /** Members of all of them, or of any. */
  readonly match: 'all' | 'any';
}

/**
 * An optional part of a provider: lists of addresses that it keeps and can send to. None of these calls sends mail, and
 * each may be made twice.
 *
 * Every call throws `ProviderRefusedError` for a definite no (`retired` where the provider has ended the service), and
 * `ProviderUnavailableError` when there was no verdict; a change may have happened then.
 */
export interface ProviderAudience {
  readonly limits: {
    readonly listsPerMessage: number;
    /** Members that one call of `add` takes, and one of `remove`. */
    readonly membersPerCall: number;
    readonly leaversPerCall: number;
    /** Lists that the account keeps at most, if there is a limit. */
    readonly lists?: number;
    readonly listsPerMember?: number;
  };
  /** Can a mail to lists give values to the texts beside them? */
  readonly takesParameters: boolean;
  /** The day on which the vendor has announced to end it. */
  readonly endOfSupport?: string;

  /** All lists at the account. */
  list(signal: AbortSignal): Promise<readonly ProviderList[]>;
  /** Makes an empty list. @returns its id. */
  create(name: string, signal: AbortSignal): Promise<string>;
  /** Absent: a list with another name has to be created again. */
  rename?(id: string, name: string, signal: AbortSignal): Promise<void>;
  add(id: string, members: readonly ListMember[], signal: AbortSignal): Promise<void>;
  remove(id: string, leavers: readonly ListLeaver[], signal: AbortSignal): Promise<void>;
  /** Takes everybody off at once. Absent: they have to be removed. */
  empty?(id: string, signal: AbortSignal): Promise<void>;
  /** Removes the list; one that is gone is removed. Its members have been taken off before. */
  delete(id: string, signal: AbortSignal): Promise<void>;
  /** Takes addresses that are on no list any more out of the account. Absent: they leave with their last list. */
  forget?(addresses: readonly string[], signal: AbortSignal): Promise<void>;
  /** Removes every list of the account, also those made by others, with all data of their members. */
  wipe(signal: AbortSignal): Promise<void>;
}
