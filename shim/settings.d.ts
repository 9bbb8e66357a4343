import { type GivenValues, type Settings } from './options.ts';
export interface ReadSettings {
  readonly settings: Settings;
  /** Why the shim is switched off; undefined where it is not. */
  readonly disabled: string | undefined;
  /** What was read out of another tool's variables, for the log. */
  readonly notes: readonly string[];
}
/** Flags win over MESH_SHIM_ variables, these over scuttle's, these over the defaults. Throws UsageError. */
export declare function readSettings(flags: GivenValues, env: ReadonlyMap<string, string>): ReadSettings;
/** Says that the shim is switched off, where it is: then nothing is waited for, and nobody is told to quit. */
export declare function heedSwitch({ settings, disabled }: ReadSettings, say: (message: string) => void): Settings;
/** What is written between commas and blanks. */
export declare function words(text: string): string[];
