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
    const answer = await fetch(`${this.simulatorUrl}/control/templates`);
    const { ncp, nhn } = (await answer.json()) as {
      readonly ncp: readonly { readonly nodes: readonly NcpNode[] }[];
      readonly nhn: readonly {
        readonly templates: readonly NhnTemplate[];
        readonly categories: readonly NhnCategory[];
      }[];
    };
    return {
      ncp: ncp.flatMap(({ nodes }) => nodes),
      nhn: nhn.flatMap(({ templates }) => templates),
      nhnCategories: nhn.flatMap(({ categories }) => categories),
    };
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
