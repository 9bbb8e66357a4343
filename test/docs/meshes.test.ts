import { expect, it } from 'vitest';
import { parseCommandLine } from '../../src/command-line/command-line.ts';
import { readSettings } from '../../src/command-line/settings.ts';
import { blockNamed } from '../helpers/page-blocks.ts';

it('its command gives each sidecar the address that is its own', () => {
  const [name, ...words] = blockNamed('docs/meshes.md').code.trim().split(' ');
  expect(name).toBe('mesh-shim');
  const line = parseCommandLine(words);
  if (line.kind !== 'command') throw new Error(line.kind);
  const { addresses } = readSettings(line.flags, new Map()).settings;
  const texts = [...addresses].map(([mesh, { ready }]) => [mesh, ready.map(({ text }) => text)]);
  expect(texts).toEqual([
    ['dapr', []],
    ['cloud-sql-proxy', ['http://localhost:9801/startup']],
  ]);
});
