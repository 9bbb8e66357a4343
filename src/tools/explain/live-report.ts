import type { Tally } from '../../explain/log/tally.ts';
import { newCauseText } from '../../explain/words/log-text.ts';
import type { ToolIo } from '../tool.ts';
import { type ExplainOptions, layoutOf } from './explain-options.ts';

/** A log that lasts for longer is followed (`kubectl logs -f`): what it shows is told at once. */
const patienceMs = 2_000;
/** How often the counts are told while it goes on. */
const periodMs = 10_000;

/** Tells of each cause when it shows for the first time, and now and then how often it has come since. */
export function createLiveReport({ json }: ExplainOptions, io: ToolIo): { found(tally: Tally): void; stop(): void } {
  const layout = layoutOf(io);
  const known: Tally[] = [];
  const told = new Map<Tally, number>();
  let isLive = false;
  const tell = (tally: Tally): void => {
    told.set(tally, tally.count);
    io.stdout.write(`${newCauseText(tally, layout)}\n`);
  };
  const start = setTimeout(() => {
    isLive = !json;
    if (isLive) for (const tally of known) tell(tally);
  }, patienceMs);
  const again = setInterval(() => {
    if (!isLive) return;
    for (const tally of known) {
      const more = tally.count - (told.get(tally) ?? 0);
      if (more === 0) continue;
      told.set(tally, tally.count);
      io.stdout.write(`  +${more} ${tally.finding.cause} (${tally.count})\n`);
    }
  }, periodMs);
  return {
    found(tally) {
      known.push(tally);
      if (isLive) tell(tally);
    },
    stop() {
      clearTimeout(start);
      clearInterval(again);
      if (isLive) io.stdout.write('\n');
    },
  };
}
