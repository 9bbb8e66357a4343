/** What mesh-shim knows of a mesh's sidecar: how to see that it carries traffic, and how to tell it to quit. */
export interface MeshProfile {
  readonly title: string;
  /** Envoy's admin, where the sidecar is an Envoy that shows it. */
  readonly adminUrl?: string;
  /** Its own readiness addresses, all of which must say yes. An Envoy has one at most. */
  readonly readyUrls: readonly string[];
  /** The body that is a yes, where a 2xx alone may be the word of a process beside the proxy. */
  readonly readyBody?: string;
  /**
   * For an Envoy, what proves that it carries traffic once its state is LIVE: `ready-url`: its readiness address says
   * 200; `statistics`: what its own numbers say of workers and listeners; `by-identity`: the first if it is Istio's, else the
   * second. What closes the admin leaves the readiness address to decide alone.
   */
  readonly proof?: 'ready-url' | 'statistics' | 'by-identity';
  /** Who is told to quit. */
  readonly quit: readonly QuitRoute[];
  /** What a person must do about what cannot pass by itself. */
  readonly advice: MeshAdvice;
  /** By what it can be known where a port of its was found open; absent where `auto` asks it anyway. */
  readonly recognisedBy?: {
    /** Where it is asked, other than at its readiness addresses. */
    readonly url?: string;
    readonly isIts: (status: number, body: string) => boolean;
  };
  /** Its variant by what the mesh puts into the environment of the app's container. */
  readonly inEnvironment?: (profile: MeshProfile, read: ReadVariable) => MeshProfile;
}

/** Somebody to tell to quit. */
export interface QuitRoute {
  /** Where a POST goes to: the next only where nothing listens at the one before. */
  readonly urls: readonly string[];
  /** Sent along, `NAME: VALUE`; may be a secret. */
  readonly header?: string;
}

/** Stands among the addresses of a quit for `/quitquitquit` of Envoy's admin, wherever that is. */
export const admin = 'admin';

export interface MeshAdvice {
  /** Nothing listens where it says that it is ready. */
  readonly absent?: string;
  /** Nothing listens where it takes the quit. */
  readonly quitRefused?: string;
  /** By the status of the answer to a quit. */
  readonly quitStatus?: Readonly<Record<number, string>>;
}

/** A variable of the environment, by its name. */
export type ReadVariable = (name: string) => string | undefined;
