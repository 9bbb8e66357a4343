/** Something that serves, and how it is brought to an end without losing what it has accepted. */
export interface Drain {
  /** For messages. */
  readonly name: string;
  /** Whether clients can reach it; undefined where that cannot be seen. */
  isServing?(): boolean | undefined;
  /** Asks clients to leave with their next reply. New connections still come in. */
  announce?(): void;
  /** Takes nothing new. Fulfilled when what it has accepted has ended. */
  close(): Promise<unknown>;
  /** Ends what is left at once; how many connections that were. */
  cut(): number;
}

/** How often is looked whether a connection has become idle, or its peer silent, while a server closes. */
export const sweepMs = 50;
