/** Something that ends at a moment unless it is removed before. */
export interface Expiring {
  expire(): void;
}

interface Entry {
  readonly at: number;
  readonly owner: Expiring;
  previous: Entry;
  next: Entry;
}

/**
 * Deadlines that are all equally long, for the price of two pointers each: nearly every request ends long before its deadline, and a timer
 * of its own for each would cost more than all else that this library does. One timer serves the oldest; it never keeps the process alive.
 */
export class DeadlineQueue {
  readonly durationMs: number;
  readonly #ends: Entry;
  #armed = false;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
    const ends = { at: 0, owner: { expire() {} } } as unknown as Entry;
    ends.previous = ends;
    ends.next = ends;
    this.#ends = ends;
  }

  /** Returns what `remove` takes. */
  add(owner: Expiring, nowMs: number): Entry {
    const last = this.#ends.previous;
    const entry: Entry = { at: nowMs + this.durationMs, owner, previous: last, next: this.#ends };
    last.next = entry;
    this.#ends.previous = entry;
    if (!this.#armed) this.#arm(this.durationMs);
    return entry;
  }

  /** Safe to call twice. */
  remove(entry: Entry): void {
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    entry.previous = entry;
    entry.next = entry;
  }

  #arm(ms: number): void {
    this.#armed = true;
    setTimeout(() => this.#due(), ms).unref();
  }

  #due(): void {
    this.#armed = false;
    const now = performance.now();
    for (let first = this.#ends.next; first !== this.#ends; first = this.#ends.next) {
      if (first.at > now) {
        // A timer may fire a fraction of a millisecond early.
        this.#arm(Math.max(1, first.at - now));
        return;
      }
      this.remove(first);
      first.owner.expire();
    }
  }
}

export type DeadlineEntry = Entry;
