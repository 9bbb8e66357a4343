import { listen } from './listen.ts';
import type { HealthServerSettings } from './options.ts';
import { createProbeServer } from './probe-server.ts';
import type { HealthState } from './report.ts';
import type { Reporter } from './reporter.ts';

/** Where questions come in: a socket of this thread, of another one, or the cluster's primary. */
export interface Front {
  /** Where it listens; port 0 and no address for a worker of a cluster, which does not listen. */
  readonly address: string;
  readonly port: number;
  stateChanged(state: HealthState): void;
  close(): Promise<void>;
}

/** Listens on the thread of the app. */
export async function startMainThreadFront(settings: HealthServerSettings, reporter: Reporter): Promise<Front> {
  const { server, close } = createProbeServer({ ...settings, ask: reporter.report });
  const { address, port } = await listen(server, settings.port, settings.host);
  // An app whose work is done may end: its health is no reason to stay.
  server.unref();
  return { address, port, stateChanged() {}, close };
}
