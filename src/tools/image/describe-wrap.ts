import type { WrapResult } from '../../images/index.ts';
import { plural } from '../../text/plural.ts';

type WrappedImage = WrapResult['plan']['images'][number]['image'];

/** What was done, and what must be known of it, line by line. */
export function describeWrap({ plan, written, signatures }: WrapResult): string[] {
  const lines = [
    ...plan.images.flatMap(({ platform, image }) => describeImage(image).map((line) => `${platform}: ${line}`)),
    ...plan.leftOut.map(({ platform, why }) => `${platform}: left out: ${why}`),
    describeWriting(
      written,
      plan.images.some(({ image }) => image.layer !== undefined),
    ),
  ];
  return written?.unchanged ? lines : [...lines, ...signatures.map(describeSigned)];
}

/** A registry may list as many as it likes. */
const mostNamed = 8;

function describeSigned({ digest, by }: WrapResult['signatures'][number]): string {
  const more = by.length > mostNamed ? ` and ${by.length - mostNamed} more` : '';
  const [is, hold] = by.length === 1 ? ['is', 'does not hold'] : ['are', 'do not hold'];
  const named = by.slice(0, mostNamed).map((one) => one.slice(0, 200));
  return `signatures: ${named.join(', ')}${more} ${is} about ${digest} and ${hold} for the new image; sign it again`;
}

function describeImage({ entrypoint, cmd, replaced, change }: WrappedImage): string[] {
  const command = `entrypoint ${JSON.stringify(entrypoint)}, command ${JSON.stringify(cmd)}`;
  if (change === 'as it was') return [`begins with a mesh-shim of its own: left as it is: ${command}`];
  const behind = entrypoint.slice(entrypoint.indexOf('--') + 1);
  const [, option] = [...behind, ...cmd];
  return [
    `${change}: ${command}`,
    // As Docker writes a command that is no list of words.
    ...(option === '-c' ? ['it starts by a shell, which gets the signals, as before'] : []),
    ...replaced.map((line) => `its own ENV ${line} is replaced`),
  ];
}

function describeWriting(written: WrapResult['written'], withShim: boolean): string {
  if (written === undefined) return 'nothing was written (--dry-run)';
  if (written.unchanged) return 'the target is so already: nothing was written';
  const { mounted, copied, there } = written.arrivals;
  const parts = [
    [copied, `copied (${formatBytes(copied.bytes)})`],
    [mounted, 'mounted from the source'],
    [there, 'there already'],
  ] as const;
  const told = parts.filter(([{ blobs }]) => blobs > 0).map(([{ blobs }, how]) => `${plural(blobs, 'layer')} ${how}`);
  return `written: ${[...told, ...(withShim ? ['the layer with mesh-shim'] : [])].join(', ')}`;
}

function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
