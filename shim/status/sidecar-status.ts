/** What a sidecar says of itself. A field is null where it does not tell. */
export interface SidecarStatus {
  readonly mesh: string;
  readonly ready: boolean;
  /** The proof, or why not. */
  readonly reason: string;
  readonly state: string | null;
  readonly version: string | null;
  readonly meshVersion: string | null;
  readonly nodeId: string | null;
  readonly startedAt: string | null;
  readonly uptimeSeconds: number | null;
  readonly workersStarted: boolean | null;
  readonly listeners: ConfigStatus | null;
  readonly clusters: ConfigStatus | null;
  readonly certificates: { readonly count: number; readonly daysUntilExpiration: number | null } | null;
  /** What is wrong with it although it may be ready. */
  readonly findings: readonly StatusFinding[];
}

export interface ConfigStatus {
  readonly active: number;
  /** How many configurations the sidecar has taken from its control plane, and how many it has refused. */
  readonly updates: number;
  readonly rejected: number;
}

/** Something about a sidecar that will fail requests, and by which response flag they will be known (`explain FLAG`). */
export interface StatusFinding {
  readonly finding: string;
  readonly responseFlag: 'NR' | 'NC' | 'UF';
}
