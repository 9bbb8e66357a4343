import { subscribe } from 'node:diagnostics_channel';
import { type GiveUpEvent, HTTP_CHANNELS, type RetryEvent } from '../../src/http/index.ts';

/** Counters over the client's diagnostics channels, in the text format that Prometheus reads. */
export class RetryMetrics {
  readonly #counts = new Map<string, number>();

  constructor() {
    subscribe(HTTP_CHANNELS.wait, () => this.#add('mesh_http_waits_total'));
    subscribe(HTTP_CHANNELS.retry, (event) => {
      const { failure, neverSent } = event as RetryEvent;
      this.#add(`mesh_http_retries_total{failure="${failure}",never_sent="${neverSent}"}`);
    });
    subscribe(HTTP_CHANNELS.giveUp, (event) => {
      const { failure, why } = event as GiveUpEvent;
      this.#add(`mesh_http_give_ups_total{failure="${failure}",why="${why}"}`);
    });
    subscribe(HTTP_CHANNELS.budget, () => this.#add('mesh_http_budget_refusals_total'));
  }

  text(): string {
    return [...this.#counts].map(([name, count]) => `${name} ${count}\n`).join('');
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
