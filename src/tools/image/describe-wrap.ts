import type { WrapResult } from '../../images/index.ts';
import { plural } from '../../text/plural.ts';

type WrappedImage = WrapResult['plan']['images'][number]['image'];

/** What was done, and what must be known of it, line by line. */
export function describeWrap({ plan, written, signatures }: WrapResult): string[] {
  const lines = [
    ...plan.images.flatMap(({ platform, image }) => describeImage(image).map((line) => `${platform}: ${line}`)),
    ...plan.leftOut.map(({ platform, why }) => `${platform}: left out: ${why}`),
    describeWriting(written),
  ];
  if (signatures.length === 0 || written?.unchanged) return lines;
  const [is, hold] = signatures.length === 1 ? ['is', 'does not hold'] : ['are', 'do not hold'];
  return [
    ...lines,
    `signatures: ${signatures.join(', ')} ${is} about ${plan.source} and ${hold} for the new image; sign it again`,
  ];
}

function describeImage({ entrypoint, cmd, replaced, wasWrapped }: WrappedImage): string[] {
  const behind = entrypoint.slice(entrypoint.indexOf('--') + 1);
  const [, option] = [...behind, ...cmd];
  return [
    `${wasWrapped ? 'wrapped anew' : 'wrapped'}: entrypoint ${JSON.stringify(entrypoint)}, command ${JSON.stringify(cmd)}`,
    // As Docker writes a command that is no list of words.
    ...(option === '-c' ? ['it starts by a shell, which gets the signals, as before'] : []),
    ...replaced.map((line) => `its own ENV ${line} is replaced`),
  ];
}

function describeWriting(written: WrapResult['written']): string {
  if (written === undefined) return 'nothing was written (--dry-run)';
  if (written.unchanged) return 'the target is so already: nothing was written';
  const { mounted, copied, there } = written.arrivals;
  const parts = [
    [copied, `copied (${formatBytes(copied.bytes)})`],
    [mounted, 'mounted from the source'],
    [there, 'there already'],
  ] as const;
  const told = parts.filter(([{ blobs }]) => blobs > 0).map(([{ blobs }, how]) => `${plural(blobs, 'layer')} ${how}`);
  return `written: ${[...told, 'the layer with mesh-shim'].join(', ')}`;
}

function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
