import { type Channel, channel } from 'node:diagnostics_channel';
import type { StopReason } from './decide.ts';

/** Common to all events. */
export interface RequestEvent {
  readonly method: string;
  readonly origin: string;
  /** Without the query. */
  readonly path: string;
  /** Attempts so far, the first one included. */
  readonly attempts: number;
  readonly elapsedMs: number;
  /** `ECONNREFUSED`, `503 UF`, `429`, ...: short enough for a metric's label. */
  readonly failure: string;
}

/** A request begins to wait for the sidecar or the upstream to come; once a request. */
export interface WaitEvent extends RequestEvent {
  /** Requests of this origin that wait, this one included. */
  readonly waiting: number;
}

/** An attempt failed and will be repeated. */
export interface RetryEvent extends RequestEvent {
  readonly pauseMs: number;
  /** No byte of the failed attempt can have been processed. */
  readonly neverSent: boolean;
}

/** A request failed for good: its last failure, reply or error, surfaces now. */
export interface GiveUpEvent extends RequestEvent {
  readonly why: StopReason;
}

/** A retry was refused by the budget of its origin; the request is given up, and a give-up event follows. */
export interface BudgetEvent extends RequestEvent {
  readonly active: number;
  readonly retrying: number;
}

/** Names of the `diagnostics_channel` channels, with the shape that is published on each. */
export const httpChannels = {
  /** {@link WaitEvent} */
  wait: 'mesh-shim:http:wait',
  /** {@link RetryEvent} */
  retry: 'mesh-shim:http:retry',
  /** {@link GiveUpEvent} */
  giveUp: 'mesh-shim:http:give-up',
  /** {@link BudgetEvent} */
  budget: 'mesh-shim:http:budget',
} as const;

const channels: { readonly [Name in keyof typeof httpChannels]: Channel } = {
  wait: channel(httpChannels.wait),
  retry: channel(httpChannels.retry),
  giveUp: channel(httpChannels.giveUp),
  budget: channel(httpChannels.budget),
};

export function publishWait(event: WaitEvent): void {
  channels.wait.publish(event);
}

export function publishRetry(event: RetryEvent): void {
  channels.retry.publish(event);
}

export function publishGiveUp(event: GiveUpEvent): void {
  channels.giveUp.publish(event);
}

export function publishBudget(event: BudgetEvent): void {
  channels.budget.publish(event);
}
