import { styleText } from 'node:util';

/** How the text for people looks. */
export interface TextOptions {
  readonly colour?: boolean | undefined;
  /** Columns of the terminal; default: lines are as long as they are, for files and pipes. */
  readonly width?: number | undefined;
  /** Every place, and the census by namespace. */
  readonly verbose?: boolean | undefined;
  /** Every fix in full. Default: where there are few findings. */
  readonly showFixes?: boolean | undefined;
}

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** The same, decided. */
export interface SectionLook {
  readonly paint: Paint;
  readonly width: number;
  readonly verbose: boolean;
  readonly showFixes: boolean;
}

export function painter(colour: boolean | undefined): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
