import { describe, expect, it } from 'vitest';
import { createLog } from '../../../shim/log.ts';
import type { Settings } from '../../../src/command-line/option-values.ts';
import { createMemoryHost } from '../../helpers/memory-host.ts';

function write(
  settings: Pick<Settings, 'logLevel' | 'logFormat'>,
  message: string,
  { isTerminal = false, fields = {} } = {},
): string {
  const host = createMemoryHost({ isTerminal });
  const log = createLog(host, { ...settings, terminationLog: '/dev/termination-log' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](message, fields);
  return host.stderr();
}

describe('text', () => {
  const all = 'mesh-shim: debug: x\nmesh-shim: x\nmesh-shim: warn: x\nmesh-shim: error: x\n';

  it.each([
    ['trace', all],
    ['debug', all],
    ['info', 'mesh-shim: x\nmesh-shim: warn: x\nmesh-shim: error: x\n'],
    ['warn', 'mesh-shim: warn: x\nmesh-shim: error: x\n'],
    ['error', 'mesh-shim: error: x\n'],
    ['fatal', ''],
    ['silent', ''],
  ] as const)('from level %s on', (logLevel, lines) => {
    expect(write({ logLevel, logFormat: 'text' }, 'x')).toBe(lines);
  });

  it('is one line, whatever others said', () => {
    const line = write({ logLevel: 'error', logFormat: 'text' }, 'a\nb\u001b[31m\u007f\u0000 ~');
    expect(line).toBe('mesh-shim: error: a\\nb\\u001b[31m\\u007f\\u0000 ~\n');
  });

  it('is for terminals', () => {
    expect(write({ logLevel: 'error', logFormat: 'auto' }, 'x', { isTerminal: true })).toBe('mesh-shim: error: x\n');
    expect(write({ logLevel: 'error', logFormat: 'json' }, 'x', { isTerminal: true })).toMatch(/^\{"level":50/);
  });
});

describe('JSON', () => {
  it.each(['auto', 'json'] as const)('%s: lines of the shape that pino writes', (logFormat) => {
    const lines = write({ logLevel: 'debug', logFormat }, 'a\nb', { fields: { probes: 3, msg: 'lost' } });
    const records = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const rest = { time: 1_772_357_400_000, pid: 1, hostname: 'memory', name: 'mesh-shim', probes: 3, msg: 'a\nb' };
    expect(records).toEqual([20, 30, 40, 50].map((level) => ({ level, ...rest })));
  });
});
