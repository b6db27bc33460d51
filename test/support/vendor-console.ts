import { createHmac } from 'node:crypto';

const NCP_KEYS = { access: 'sandbox-ncp-access-key', secret: 'sandbox-ncp-secret-key' };
const NHN_BASE = '/email/v1.5/appKeys/sandbox-nhn-app-key';

interface NcpNode {
  readonly sid: number;
  readonly parentSid: number;
  readonly name: string;
  readonly isCategory: boolean;
  readonly isUse?: boolean;
  readonly content?: {
    readonly title: string;
    readonly body: string;
    readonly senderAddress: string;
    readonly senderName: string | null;
    readonly description: string | null;
  };
}

interface NhnTemplate {
  readonly templateId: string;
  readonly categoryId: number;
  readonly templateName: string;
  readonly title: string;
  readonly body: string;
  readonly delYn: 'Y' | 'N';
  readonly useYn: 'Y' | 'N';
  readonly templateType: string;
  readonly files: readonly { readonly fileName: string }[];
}

interface NhnCategory {
  readonly categoryId: number;
  readonly categoryParentId: number;
  readonly categoryName: string;
}

/** Templates that the simulator keeps, of every account. */
export interface KeptTemplates {
  readonly ncp: readonly NcpNode[];
  readonly nhn: readonly NhnTemplate[];
  readonly nhnCategories: readonly NhnCategory[];
}

/** Somebody who works in the vendors' consoles, past the gateway. */
export class VendorConsole {
  constructor(private readonly simulatorUrl: string) {}

  async kept(): Promise<KeptTemplates> {
    const { ncp, nhn } = await this.control<{
      readonly ncp: readonly { readonly nodes: readonly NcpNode[] }[];
      readonly nhn: readonly {
        readonly templates: readonly NhnTemplate[];
        readonly categories: readonly NhnCategory[];
      }[];
    }>('templates');
    return {
      ncp: ncp.flatMap(({ nodes }) => nodes),
      nhn: nhn.flatMap(({ templates }) => templates),
      nhnCategories: nhn.flatMap(({ categories }) => categories),
    };
  }

  /** Recipient groups of NCP by name, each with its addresses. */
  async addressBook(): Promise<ReadonlyMap<string, readonly string[]>> {
    const groups = (await this.books())[0]?.groups ?? [];
    const entries = groups.map(async ({ groupName }) => {
      const addresses = (await this.books(`?groupName=${encodeURIComponent(groupName)}`))[0]?.addresses ?? [];
      return [groupName, addresses.toSorted()] as const;
    });
    return new Map(await Promise.all(entries));
  }

  /** Every address of NCP's address book. */
  async bookAddresses(): Promise<readonly string[]> {
    return (await this.books())[0]?.addresses ?? [];
  }

  private async books(query = '') {
    interface Book {
      readonly groups: readonly { readonly groupName: string }[];
      readonly addresses: readonly string[];
    }
    return (await this.control<{ data: readonly Book[] }>(`address-book${query}`)).data;
  }

  /** Tags of NHN by name, each with the addresses of its UIDs. */
  async tags(): Promise<ReadonlyMap<string, readonly string[]>> {
    interface Book {
      readonly tags: readonly { readonly tagId: string; readonly tagName: string }[];
      readonly uids: readonly { readonly tagIds: readonly string[]; readonly contacts: readonly string[] }[];
    }
    const book = (await this.control<{ data: readonly Book[] }>('tags')).data[0];
    const contactsOf = (tagId: string): readonly string[] =>
      (book?.uids ?? []).filter(({ tagIds }) => tagIds.includes(tagId)).flatMap(({ contacts }) => contacts);
    return new Map((book?.tags ?? []).map(({ tagId, tagName }) => [tagName, contactsOf(tagId).toSorted()]));
  }

  /** A signed call, `path` below `/api/v1`. */
  ncp<T>(method: string, path: string, body?: object): Promise<T> {
    const url = `/api/v1${path}`;
    const timestamp = String(Date.now());
    const signature = createHmac('sha256', NCP_KEYS.secret)
      .update(`${method} ${url}\n${timestamp}\n${NCP_KEYS.access}`)
      .digest('base64');
    return this.call(method, url, body, {
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-iam-access-key': NCP_KEYS.access,
      'x-ncp-apigw-signature-v2': signature,
    });
  }

  nhn<T>(method: string, path: string, body?: object): Promise<T> {
    return this.call(method, `${NHN_BASE}${path}`, body, {});
  }

  private async control<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.simulatorUrl}/control/${path}`);
    return (await answer.json()) as T;
  }

  private async call<T>(method: string, url: string, body: object | undefined, headers: object): Promise<T> {
    const answer = await fetch(`${this.simulatorUrl}${url}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const value = JSON.parse(text) as { readonly header?: { readonly isSuccessful: boolean } };
    if (!answer.ok || value.header?.isSuccessful === false) throw new Error(`${method} ${url}: ${text}`);
    return value as T;
  }
}
