import type { Parser } from './option-parsers.ts';

/** One option of the shim. */
export interface OptionSpec<T> {
  readonly flag: `--${string}`;
  readonly env: `MESH_SHIM_${string}`;
  /** In help: the kind of value; a flag without one is a switch. */
  readonly value?: string;
  /** As the user would write it; undefined: nothing, or the profile decides. */
  readonly default?: string;
  /** How help and the documentation name a default that is no fixed text. */
  readonly defaultNote?: string;
  /** May be given more than once; in the variable, separated by commas or blanks, or one a line. */
  readonly repeatable?: 'words' | 'lines';
  readonly parse: Parser<T>;
  /** Its value gets into no message. */
  readonly secret?: true;
  readonly help: string;
}

export const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;
