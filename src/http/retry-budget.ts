import type { RetrySettings } from './options.ts';
import { createLogThrottle, type LogThrottle } from './throttled-log.ts';

/** Counts of one origin. */
export interface OriginLoad {
  /** Requests under way, pauses included. */
  active: number;
  /** Of those, the ones that are retrying at the budget's cost. */
  retrying: number;
  /** Of those, the ones that wait for the sidecar or the upstream to come. */
  waiting: number;
  readonly waitLog: LogThrottle;
  readonly giveUpLog: LogThrottle;
}

function createLoad(): OriginLoad {
  return { active: 0, retrying: 0, waiting: 0, waitLog: createLogThrottle(), giveUpLog: createLogThrottle() };
}

// Origins that nobody uses now are forgotten beyond this number: a crawler must not grow the table for ever.
const rememberedOrigins = 1_000;

/** The load of every origin that a client talks to. */
export class OriginLoads {
  readonly #loads = new Map<string, OriginLoad>();
  // Most requests go where the one before went, and their origins are strings made anew each time: a look-up would have to hash them.
  #lastOrigin: string | undefined;
  #lastLoad = createLoad();

  of(origin: string): OriginLoad {
    if (origin === this.#lastOrigin) return this.#lastLoad;
    const load = this.#find(origin);
    this.#lastOrigin = origin;
    this.#lastLoad = load;
    return load;
  }

  #find(origin: string): OriginLoad {
    const known = this.#loads.get(origin);
    if (known !== undefined) return known;
    if (this.#loads.size >= rememberedOrigins) this.#forgetIdle();
    const load = createLoad();
    this.#loads.set(origin, load);
    return load;
  }

  #forgetIdle(): void {
    this.#lastOrigin = undefined;
    for (const [origin, { active }] of this.#loads) if (active === 0) this.#loads.delete(origin);
  }
}

/**
 * Whether one more request of this origin may be retrying. Counts concurrent retries, as Envoy's retry budget does: a bucket of tokens
 * lets a storm through while it is full, and starves the recovery when it is empty.
 */
export function hasBudget(load: Pick<OriginLoad, 'active' | 'retrying'>, settings: RetrySettings): boolean {
  return load.retrying < Math.max(settings.retryBudgetMin, Math.floor(settings.retryBudget * load.active));
}
