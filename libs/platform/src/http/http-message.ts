/** A body that is made while it is sent. */
export interface StreamedBody {
  /** Exactly as many bytes as `chunks` will give. */
  readonly size: number;
  /** Read once. If it fails, so does the request, whose first part may have left. */
  readonly chunks: AsyncIterable<Buffer>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The exact request target with its query, already encoded; sent as it stands: `/api/v1/mails?size=10`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parts are written one after the other without being joined. `content-length` is set from their bytes. */
  readonly body?: string | Buffer | readonly Buffer[] | StreamedBody;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
