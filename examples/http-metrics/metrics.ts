import { subscribe } from 'node:diagnostics_channel';
import { type GiveUpEvent, httpChannels, type RetryEvent } from '../../src/http/index.ts';

/** Counters over the client's diagnostics channels, in the text format that Prometheus reads. */
export class RetryMetrics {
  readonly #counts = new Map<string, number>();

  constructor() {
    subscribe(httpChannels.wait, () => this.#add('mesh_http_waits_total'));
    subscribe(httpChannels.retry, (event) => {
      const { failure, neverSent } = event as RetryEvent;
      this.#add(`mesh_http_retries_total{failure="${failure}",never_sent="${neverSent}"}`);
    });
    subscribe(httpChannels.giveUp, (event) => {
      const { failure, why } = event as GiveUpEvent;
      this.#add(`mesh_http_give_ups_total{failure="${failure}",why="${why}"}`);
    });
    subscribe(httpChannels.budget, () => this.#add('mesh_http_budget_refusals_total'));
  }

  text(): string {
    return [...this.#counts].map(([name, count]) => `${name} ${count}\n`).join('');
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
