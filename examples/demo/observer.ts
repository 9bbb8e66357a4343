import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { DemoSidecar } from './stand-in-sidecar.ts';
import { nowMs } from './timeline.ts';

export interface Observer {
  /** When port 15021 said 200 for the first time, in ms since the epoch. Rejects when the observer was stopped before that. */
  readonly readyAtMs: Promise<number>;
  stop(): void;
}

/**
 * Looks at the sidecar on its own, every 2 ms, so that the demo does not have to believe the shim about when the sidecar became ready.
 *
 * @param onState called with each state that differs from the last
 */
export function observe(
  { adminUrl, readyUrl }: Pick<DemoSidecar, 'adminUrl' | 'readyUrl'>,
  onState: (state: string) => void,
): Observer {
  const agent = new Agent({ keepAlive: true });
  let stopped = false;
  const look = async (): Promise<number> => {
    let last = '';
    while (!stopped) {
      const state = (await ask(agent, `${adminUrl}/ready`)).body.trim();
      if (state !== '' && state !== last) {
        last = state;
        onState(state);
      }
      if (state === 'LIVE' && (await ask(agent, readyUrl)).status === 200) return nowMs();
      await delay(2);
    }
    throw new Error('the sidecar was not ready while it was observed');
  };
  const readyAtMs = look().finally(() => agent.destroy());
  readyAtMs.catch(() => {}); // whoever waits for it gets it all the same
  return {
    readyAtMs,
    stop() {
      stopped = true;
    },
  };
}

/** Status 0: no answer. */
function ask(agent: Agent, url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    let body = '';
    get(url, { agent }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('close', () => resolve({ status: response.statusCode ?? 0, body }));
    }).once('error', () => resolve({ status: 0, body: '' }));
  });
}
