import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { ManifestSource } from '../../check/read/manifest.ts';
import type { CheckResult } from '../../check/report/check-result.ts';
import { plural } from '../../text/plural.ts';

export interface Stopwatch {
  /** Ends a lap. */
  readonly lap: (name: string) => void;
  /** Milliseconds by lap. */
  readonly laps: ReadonlyMap<string, number>;
}

export function createStopwatch(): Stopwatch {
  const laps = new Map<string, number>();
  let start = performance.now();
  return {
    laps,
    lap: (name) => {
      const now = performance.now();
      laps.set(name, now - start);
      start = now;
    },
  };
}

/** For --stats: how much there was, how long it took, and the most memory that it needed. */
export function statistics({ laps }: Stopwatch, sources: readonly ManifestSource[], result: CheckResult): string {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  // A file that goes to several clusters is among the sources once for each.
  const files = new Map(sources.map(({ name, text }) => [name, text.length]));
  const size = [...files.values()].reduce((sum, length) => sum + length, 0);
  const checked = `${plural(result.objects, 'object')}, ${plural(result.census.workloads, 'workload')}`;
  const times = [...laps].map(([name, duration]) => `${name} in ${(duration / 1000).toFixed(2)} s`).join(', ');
  const memory = megabytes(process.resourceUsage().maxRSS * 1024);
  return `mesh-shim: ${plural(files.size, 'file')} (${megabytes(size)}), ${checked}: ${times}, with ${memory} of memory\n`;
}
