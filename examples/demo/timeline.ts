import { stripVTControlCharacters, styleText } from 'node:util';

/** Who a line is about. */
export type Lane = 'sidecar' | 'shim' | 'app';
type Style = Parameters<typeof styleText>[0];

const laneStyles: Record<Lane, Style> = { sidecar: 'magenta', shim: 'cyan', app: 'yellow' };

export interface Timeline {
  /** A line now, with the time since the act began. */
  event(lane: Lane, text: string, style?: Style): void;
  /** The same for a moment that is known only afterwards, in ms of `performance.timeOrigin + performance.now()`. */
  eventAt(epochMs: number, lane: Lane, text: string, style?: Style): void;
  /** Starts the clock anew under a heading. */
  act(title: string, explanation: string): void;
  /** A line outside the timeline. */
  say(text: string): void;
}

/** Prints what happens as it happens: `  1.052 s  sidecar  INITIALIZING`. Colours only where the terminal has them. */
export function createTimeline(out: NodeJS.WriteStream): Timeline {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: out });
  let startMs = nowMs();
  const say = (text: string) => void out.write(`${text}\n`);
  const eventAt = (epochMs: number, lane: Lane, text: string, style?: Style) => {
    const seconds = `${((epochMs - startMs) / 1000).toFixed(3)} s`.padStart(10);
    const line = stripVTControlCharacters(text).trimEnd();
    say(`${paint('dim', seconds)}  ${paint(laneStyles[lane], lane.padEnd(7))}  ${style ? paint(style, line) : line}`);
  };
  return {
    say,
    eventAt,
    event: (lane, text, style) => eventAt(nowMs(), lane, text, style),
    act(title, explanation) {
      startMs = nowMs();
      say(`\n  ${paint('bold', title)}\n  ${paint('dim', explanation)}\n`);
    },
  };
}

/** Milliseconds since the epoch, with fractions: comparable between processes of one machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
