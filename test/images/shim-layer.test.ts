import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tarHead } from '../../src/images/files/tar-head.ts';
import { shimLayer } from '../../src/images/wrap/shim-layer.ts';

it.each([0, 1, 511, 512, 65_535 - 1536, 200_000])(
  'an archive of one file of %i bytes, as tar and gzip read it',
  (size) => {
    const executable = randomBytes(size);
    const { bytes, digest, diffId } = shimLayer(executable);
    const archive = gunzipSync(bytes);
    const hash = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
    expect([digest, diffId]).toEqual([hash(bytes), hash(archive)]);
    const tar = (...args: string[]) => execFileSync('tar', args, { input: bytes });
    expect(tar('-tvzf', '-', '--numeric-owner', '--utc').toString()).toMatch(
      new RegExp(`^-r-xr-xr-x 0/0 +${size} 1970-01-01 00:00 mesh-shim\n$`),
    );
    expect(tar('-xzOf', '-').equals(executable)).toBe(true);
  },
);

// Whoever wraps the same image with the same executable gets the same digest, with any version of Node.
it('is the same bytes for the same executable', () => {
  expect(shimLayer(Buffer.from('mesh-shim')).digest).toBe(
    'sha256:56b18d4633f537b876828d11f4f14ad25a234b86553a6464a292663eb6131886',
  );
});

it('a file of 8 GiB and more has its size in the head, too', () => {
  const head = tarHead('large', 8 ** 11 + 5, 0o644);
  const listed = execFileSync('sh', ['-c', 'tar -tvf - 2>/dev/null || true'], { input: head }).toString();
  expect(listed).toContain(` ${8 ** 11 + 5} `);
});
