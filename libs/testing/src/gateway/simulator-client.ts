import type { ProviderKind } from '@gateway/providers';

/** A file as a mail carries it. */
export interface RecordedFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSize: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** One recipient's mail as the simulator recorded it. */
export interface RecordedMail {
  readonly provider: ProviderKind;
  readonly operation: string;
  readonly requestId: string;
  readonly marker: string | null;
  readonly sender: string;
  readonly address: string;
  readonly name: string | null;
  readonly type: string;
  readonly subject: string;
  readonly body: string;
  readonly files: readonly RecordedFile[];
}

export interface RecordedRequest {
  readonly provider: ProviderKind;
  readonly operation: string;
  readonly requestId: string;
  readonly recipientCount: number;
  readonly mailCount: number;
  readonly marker: string | null;
  readonly title: string;
  readonly advertising: boolean;
  readonly customHeaders: unknown;
}

interface VendorSummary {
  readonly requests: number;
  readonly recipients: number;
  readonly maxRecipientsPerRequest: number;
}

/** Over all vendors, and of each under its kind. */
export interface Summary extends Readonly<Record<ProviderKind, VendorSummary>> {
  readonly requests: number;
  readonly recipients: number;
  readonly repeatedAddresses: { readonly count: number };
  readonly duplicates: { readonly count: number };
}

/** See apps/simulator/README.md, "Faults". */
export interface Fault {
  readonly kind: string;
  readonly provider?: ProviderKind | '*';
  readonly operation?: string;
  readonly times?: number;
  readonly skip?: number;
  readonly sender?: string;
  readonly [option: string]: unknown;
}

/** The simulator's control endpoints: the record of sent mail, and faults. */
export class SimulatorClient {
  private readonly url: string;

  constructor(address: { readonly simulatorUrl: string }) {
    this.url = `${address.simulatorUrl}/control`;
  }

  /** Every mail of a sender, oldest first. */
  async mails(sender: string): Promise<readonly RecordedMail[]> {
    const query = `sender=${encodeURIComponent(sender)}&limit=10000`;
    return (await this.call<{ data: readonly RecordedMail[] }>('GET', `/mails?${query}`)).data;
  }

  async requests(sender: string): Promise<readonly RecordedRequest[]> {
    const query = `sender=${encodeURIComponent(sender)}&limit=10000`;
    return (await this.call<{ data: readonly RecordedRequest[] }>('GET', `/requests?${query}`)).data;
  }

  /** Counts of a sender's mail; empty `repeatedAddresses` prove that no recipient got two. */
  summary(sender: string): Promise<Summary> {
    return this.call('GET', `/summary?addresses=true&sender=${encodeURIComponent(sender)}`);
  }

  /** @returns the fault's id. */
  async trouble(fault: Fault): Promise<number> {
    return (await this.call<{ id: number }>('POST', '/faults', fault)).id;
  }

  async endAllTrouble(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  async endTrouble(id: number): Promise<void> {
    await this.call('DELETE', `/faults/${id}`);
  }

  /** How often a fault was met. */
  async hits(id: number): Promise<number> {
    const { data } = await this.call<{ data: readonly { id: number; hits: number }[] }>('GET', '/faults');
    return data.find((fault) => fault.id === id)?.hits ?? 0;
  }

  /** Every file that was uploaded, oldest first. */
  async files(): Promise<readonly (RecordedFile & { readonly provider: string; readonly expired: boolean })[]> {
    return (await this.call<{ data: readonly never[] }>('GET', '/files')).data;
  }

  /** Makes uploaded files unusable: too old, or as if they had never been there. @returns how many. */
  async loseFiles(how: 'expire' | 'lose', fileIds: readonly string[]): Promise<number> {
    return (await this.call<{ forgotten: number }>('POST', '/files/forget', { how, fileIds })).forgotten;
  }

  /** The vendor's own list of who wants no advertisements. */
  async blockList(provider: ProviderKind, address?: string): Promise<readonly { address: string; since: string }[]> {
    const query = new URLSearchParams({ provider, ...(address !== undefined && { address }) });
    return (await this.call<{ data: readonly never[] }>('GET', `/block-lists?${query.toString()}`)).data;
  }

  /** Recipients opt out at the vendor, or are removed from its list in its console. */
  async changeBlockList(
    how: 'POST' | 'DELETE',
    change: {
      readonly provider: ProviderKind;
      readonly addresses: readonly string[];
      readonly since?: string;
    },
  ): Promise<void> {
    await this.call(how, '/block-lists', change);
  }

  async change(settings: object): Promise<void> {
    await this.call('PUT', '/settings', settings);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
