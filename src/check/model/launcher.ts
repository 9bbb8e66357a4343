import type { launcherPrograms } from './start-commands.ts';

/** What stands between a container's start and its app, for the sake of the sidecar. */
export interface Launcher {
  /** `script`: the container's own command asks the sidecar. */
  readonly tool: (typeof launcherPrograms)[number] | 'script';
  /** Whether the app starts only when its sidecar is ready. */
  readonly waits: boolean;
  /** Whether it ends Istio's sidecar when the app has ended. */
  readonly quits: boolean;
  /** Why it refuses its command line or its variables: then the app never starts. */
  readonly refused?: string;
}
