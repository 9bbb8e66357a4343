import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { httpChannels, publishBudget, publishGiveUp, publishRetry, publishWait } from '../../../src/http/events.ts';

const publishers: { readonly [name in keyof typeof httpChannels]: (event: never) => void } = {
  wait: publishWait,
  retry: publishRetry,
  giveUp: publishGiveUp,
  budget: publishBudget,
};

test.each(Object.entries(httpChannels))('%s is published on %s, to those who listen there', (name, channel) => {
  const seen: unknown[][] = [];
  const listener = (...args: unknown[]) => void seen.push(args);
  const event = { method: 'GET' };
  publishers[name as keyof typeof publishers](event as never);
  subscribe(channel, listener);
  publishers[name as keyof typeof publishers](event as never);
  for (const other of Object.keys(publishers)) {
    if (other !== name) publishers[other as keyof typeof publishers]({ method: 'of another channel' } as never);
  }
  unsubscribe(channel, listener);
  expect(seen).toEqual([[event, channel]]);
});
