import { describe, expect, it } from 'vitest';
import { createLog } from '../../../shim/log.ts';
import { quitTargets, readQuitHeader } from '../../../shim/quit.ts';
import type { SidecarsFound } from '../../../shim/wait.ts';
import { parseCommandLine } from '../../../src/command-line/command-line.ts';
import { readSettings } from '../../../src/command-line/settings.ts';
import { requestHead } from '../../../src/mesh/ask/http-exchange.ts';
import { dapr } from '../../../src/mesh/profiles/dapr.ts';
import { createMemoryHost } from '../../helpers/memory-host.ts';

const settingsOf = (...flags: string[]) => {
  const line = parseCommandLine(['quit', ...flags]);
  if (line.kind !== 'command') throw new Error(line.kind);
  return readSettings(line.flags, new Map()).settings;
};
const told = (flags: string[], found: SidecarsFound = 'unknown', env: Readonly<Record<string, string>> = {}) =>
  quitTargets(settingsOf(...flags), (name) => env[name], { found }).map(({ endpoints }) =>
    endpoints.map(({ text }) => text.replace('http://localhost', '')),
  );

describe('who is told', () => {
  it('each sidecar that is there, and none that is not', () => {
    const flags = ['--mesh', 'istio,dapr'];
    expect(told(flags)).toEqual([[':15020/quitquitquit'], [':3500/v1.0/shutdown']]);
    expect(told(flags, [{ mesh: 'dapr', serverInfo: undefined }])).toEqual([[':3500/v1.0/shutdown']]);
    expect(told(flags, [])).toEqual([]);
  });

  it('one that has an address of its own there, and the others where they are', () => {
    const flags = ['--mesh', 'istio,dapr', '--quit-url', 'dapr=http://localhost:1/x'];
    expect(told(flags)).toEqual([[':15020/quitquitquit'], [':1/x']]);
  });

  it('with an address of nobody in particular, nobody else', () => {
    expect(told(['--mesh', 'istio,dapr', '--quit-url', 'http://localhost:1/x'], [])).toEqual([[':1/x']]);
  });
});

describe('the header', () => {
  const read = (flags: string[], files: Record<string, string> = {}) => {
    const host = createMemoryHost({ files });
    const settings = settingsOf(...flags, '--log-format', 'text');
    return { header: readQuitHeader(settings, host, createLog(host, settings)), said: host.stderr() };
  };

  it('of the option, of a file, and of the file where there are both', () => {
    expect(read([])).toEqual({ header: undefined, said: '' });
    expect(read(['--quit-header', 'a: b'])).toEqual({ header: 'a: b', said: '' });
    const flags = ['--quit-header', 'a: b', '--quit-header-file', '/run/x'];
    expect(read(flags, { '/run/x': 'c: s3cret\n' })).toEqual({ header: 'c: s3cret', said: '' });
  });

  it('of a file that cannot be used is told, without what stands in it', () => {
    const { header, said } = read(['--quit-header', 'a: b', '--quit-header-file', '/run/x']);
    expect(header).toBe('a: b');
    expect(said).toBe('mesh-shim: warn: --quit-header-file: cannot read /run/x\n');
    const bad = read(['--quit-header-file', '/run/x'], { '/run/x': 's3cret' });
    expect(bad.header).toBeUndefined();
    expect(bad.said).toBe('mesh-shim: warn: --quit-header-file: bad value in /run/x: expected NAME: VALUE\n');
  });

  it("of the mesh goes to the sidecar's own address as well, with the advice, and to nobody else's", () => {
    const urls = ['--quit-url', 'dapr=http://localhost:1/x', '--quit-url', 'http://localhost:2/x'];
    expect(quitTargets(settingsOf('--mesh', 'istio,dapr', ...urls), () => 's3cret')).toMatchObject([
      { endpoints: [{ text: 'http://localhost:2/x' }], header: undefined, advice: undefined },
      { endpoints: [{ text: 'http://localhost:1/x' }], header: 'dapr-api-token: s3cret', advice: dapr.advice },
    ]);
  });

  it('goes with every quit, and before what the mesh says', () => {
    const targets = quitTargets(settingsOf('--mesh', 'dapr'), () => 'token', { header: 'a: b' });
    expect(targets.map(({ header }) => header)).toEqual(['a: b']);
    const [endpoint] = targets[0]?.endpoints ?? [];
    if (!endpoint) throw new Error('nobody is told');
    expect(requestHead({ kind: 'status', endpoint, method: 'POST', header: 'a: b' })).toContain('\r\na: b\r\n\r\n');
  });
});
