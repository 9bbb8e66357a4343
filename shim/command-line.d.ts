import { type CommandName } from './commands.ts';
import { type GivenValues } from './options.ts';
export type CommandLine =
  | {
      readonly kind: 'help';
    }
  | {
      readonly kind: 'version';
    }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      readonly flags: GivenValues;
      /** The URL of `probe`, the folder of `install`. */
      readonly operands: readonly string[];
      readonly json: boolean;
      /** COMMAND with its arguments, behind `--`. */
      readonly app: readonly string[];
    };
/** Reads the words behind the program's name. Throws UsageError. */
export declare function parseCommandLine(args: readonly string[]): CommandLine;
