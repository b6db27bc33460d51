import type { SeenFile, SeenMail, SeenPush, Misbehaviour, Trouble, Vendor } from './vendor.js';

/** A simulator that listens, however it was started. */
export interface RunningSimulator {
  readonly origin: string;
  stop(): Promise<void>;
}

interface ControlMail {
  readonly requestId: string;
  readonly address: string;
  readonly name: string | null;
  readonly type: string;
  readonly subject: string;
  readonly body: string;
  readonly files: readonly ControlFile[];
}

interface ControlFile {
  readonly fileName: string;
  readonly fileSize: number;
  readonly sha256: string;
  readonly expired?: boolean;
}

const toFile = ({ fileName: name, fileSize: size, sha256 }: ControlFile): SeenFile => ({ name, size, sha256 });

const TYPES: Readonly<Record<string, SeenMail['type']>> = {
  R: 'to',
  C: 'cc',
  B: 'bcc',
  MRT0: 'to',
  MRT1: 'cc',
  MRT2: 'bcc',
  TO: 'to',
  CC: 'cc',
  BCC: 'bcc',
  cc: 'cc',
  bcc: 'bcc',
};

/** A comment by which an adapter recognises its request; no reader sees it. */
const MARKER = /<!-- bat_[\w.]+ -->/g;

const FAULTS: Readonly<Record<Misbehaviour, object>> = {
  drop: { kind: 'drop' },
  accept_then_drop: { kind: 'accept_then_drop' },
  hang: { kind: 'hang' },
  server_error: { kind: 'error_500' },
  accept_then_500: { kind: 'accept_then_500' },
  html: { kind: 'html', status: 200 },
  half_json: { kind: 'half_json', status: 200 },
  empty: { kind: 'empty', status: 200 },
  wrong_credentials: { kind: 'credentials' },
  too_fast: { kind: 'throttle_429' },
};

/** A tenth of the usual: a suite waits for the end of some ten mails. */
const TIMINGS = { preparedMs: 5, sendingMs: 15, outcomeMs: 30, receivedMs: 10, openedMs: 20, lateBounceMs: 100 };

/** One vendor of the development simulator, driven through its `/control` endpoints. */
export class SimulatorVendor implements Vendor {
  /** The time after which every mail has its outcome, with room for a slow clock, in milliseconds. */
  static readonly settledAfterMs = 100;

  private simulator: RunningSimulator | undefined;

  constructor(
    private readonly provider: string,
    private readonly run: () => Promise<RunningSimulator>,
    /** Which of the simulator's operations a poll begins with; of no matter to an account that is not polled. */
    private readonly pollOperation: 'status' | 'list' = 'status',
    /** Switches for what the vendor's documents leave open (`PUT /control/settings`). */
    private readonly settings: object = {},
    /** The look-alike that takes the account's files, where it is another one. */
    private readonly filesAt: string = provider,
  ) {}

  get origin(): string {
    if (this.simulator === undefined) throw new Error('the simulator does not run');
    return this.simulator.origin;
  }

  async start(): Promise<void> {
    this.simulator = await this.run();
  }

  async stop(): Promise<void> {
    await this.simulator?.stop();
  }

  async reset(): Promise<void> {
    await this.control('POST', 'reset');
    await this.control('DELETE', 'faults');
    await this.control('PUT', 'settings', { timings: TIMINGS, ...this.settings });
  }

  async mails(): Promise<readonly SeenMail[]> {
    const { data } = (await this.control('GET', `mails?provider=${this.provider}&limit=10000`)) as {
      data: readonly ControlMail[];
    };
    return data.map(({ requestId, address, name, type, subject, body, files }) => {
      return {
        requestId,
        address,
        name,
        type: TYPES[type] ?? 'to',
        subject,
        body: body.replaceAll(MARKER, ''),
        files: files.map(toFile),
      };
    });
  }

  async files(): Promise<readonly SeenFile[]> {
    const { data } = (await this.control('GET', `files?provider=${this.filesAt}`)) as { data: readonly ControlFile[] };
    return data.filter(({ expired }) => expired !== true).map(toFile);
  }

  async loseFiles(how: 'expire' | 'lose'): Promise<void> {
    await this.control('POST', 'files/forget', { provider: this.filesAt, how });
  }

  async trouble({ kind, operation, retryAfterSeconds }: Trouble): Promise<void> {
    await this.control('POST', 'faults', {
      ...FAULTS[kind],
      provider: operation === 'upload' ? this.filesAt : this.provider,
      operation: this.operationOf(operation),
      times: -1,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }

  async pushes(): Promise<readonly SeenPush[]> {
    const { data } = (await this.control('POST', `${this.provider}/pushes`)) as { data: readonly SeenPush[] };
    return data;
  }

  private operationOf(operation: Trouble['operation']): string {
    if (operation === 'upload') return 'other';
    return operation === 'poll' ? this.pollOperation : operation;
  }

  async untrouble(): Promise<void> {
    await this.control('DELETE', 'faults');
  }

  async troubled(): Promise<number> {
    const { data } = (await this.control('GET', 'faults')) as { data: readonly { hits: number }[] };
    return data.reduce((sum, { hits }) => sum + hits, 0);
  }

  private async control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.origin}/control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
