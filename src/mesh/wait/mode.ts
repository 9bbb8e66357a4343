/** What follows when nothing listens where a sidecar should be. */
export type Mode =
  /** Wait for what is named, and in Kubernetes; elsewhere, and for Istio's in an ambient pod, start at once. */
  | 'auto'
  /** Wait always. */
  | 'required'
  /** As auto, and a wait that runs out is no failure. */
  | 'optional';

export const modes = ['auto', 'required', 'optional'] as const satisfies readonly Mode[];
