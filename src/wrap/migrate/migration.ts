/** What is known of the container whose start is migrated. */
export interface MigrationContext {
  /** The executable of mesh-shim. */
  readonly shim: string;
  /** The variables that manifest and image tell. */
  readonly env: ReadonlyMap<string, string>;
  /** Whether the sidecar must be told to quit when the app has ended. */
  readonly quits: boolean;
}

/** What a start with another tool becomes. */
export type Migration =
  | {
      readonly tool: string;
      /** Stands in the place of the words before `rest`. */
      readonly head: readonly string[];
      /** The first of the words that stay as they are. */
      readonly rest: number;
      /** What is not the same as before. */
      readonly note?: string | undefined;
    }
  /** The tool is known, but what is equal to it is not. */
  | { readonly tool: string; readonly told: string };

/** Undefined: the words have nothing to do with a sidecar. */
export type Recogniser = (words: readonly string[], at: number, context: MigrationContext) => Migration | undefined;

/** The words for a Job and the like, whose pod ends only when its sidecar does. */
export function quitWords({ quits }: MigrationContext): readonly string[] {
  return quits ? ['--quit', 'always'] : [];
}
