/** A request as it arrived at a server. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** As much of the body as has arrived, without its chunked framing. */
  body: Buffer;
  /** The body arrived whole. */
  complete: boolean;
}

export interface RequestListener {
  head(request: Received): void;
  end(request: Received): void;
}

/** Splits the bytes of one connection into requests. Trusts the client's framing; it is a test's own. */
export class RequestReader {
  readonly #listener: RequestListener;
  #buffer: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #current: Received | undefined;
  #left = 0;
  #chunked = false;

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    while (this.#step());
  }

  #step(): boolean {
    if (this.#current === undefined) return this.#readHead();
    return this.#chunked ? this.#readChunk(this.#current) : this.#readLength(this.#current);
  }

  #readHead(): boolean {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [line = '', ...fields] = this.#buffer.subarray(0, end).toString('latin1').split('\r\n');
    this.#buffer = this.#buffer.subarray(end + 4);
    const [method = '', path = ''] = line.split(' ');
    const headers = Object.fromEntries(
      fields.map((field) => {
        const colon = field.indexOf(':');
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
      }),
    );
    this.#current = { method, path, headers, body: Buffer.alloc(0), complete: false };
    this.#chunked = headers['transfer-encoding'] === 'chunked';
    this.#left = Number(headers['content-length'] ?? 0);
    this.#listener.head(this.#current);
    return true;
  }

  #readLength(request: Received): boolean {
    const taken = this.#take(this.#left);
    this.#left -= taken.length;
    this.#add(request, taken);
    if (this.#left > 0) return false;
    this.#finish(request);
    return this.#buffer.length > 0;
  }

  #readChunk(request: Received): boolean {
    const end = this.#buffer.indexOf('\r\n');
    if (end < 0) return false;
    const size = Number.parseInt(this.#buffer.subarray(0, end).toString('latin1'), 16);
    if (this.#buffer.length < end + 2 + size + 2) return false;
    this.#add(request, this.#buffer.subarray(end + 2, end + 2 + size));
    this.#buffer = this.#buffer.subarray(end + 2 + size + 2);
    if (size === 0) this.#finish(request);
    return this.#buffer.length > 0;
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(taken.length);
    return taken;
  }

  #add(request: Received, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    // Small bodies are looked at while they arrive; large ones are joined once.
    if (request.body.length < 4096) request.body = Buffer.concat(this.#parts);
  }

  #finish(request: Received): void {
    request.body = Buffer.concat(this.#parts);
    request.complete = true;
    this.#parts = [];
    this.#current = undefined;
    this.#listener.end(request);
  }
}
