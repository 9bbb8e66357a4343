import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/command-line/command-line.ts';
import { translateLinkerdAwait } from '../../../src/command-line/linkerd-await.ts';
import { readSettings } from '../../../src/command-line/settings.ts';
import { UsageError } from '../../../src/command-line/usage-error.ts';

const read = (...args: string[]) => {
  const line = parseCommandLine(translateLinkerdAwait(args), { bareCommand: true });
  if (line.kind !== 'command') throw new Error(line.kind);
  return { app: line.app, settings: readSettings(line.flags, new Map()).settings };
};

describe('under the name of linkerd-await', () => {
  it.each([[['--', 'app', '-S']], [['app', '-S']]])(
    '%j: waits for Linkerd without limit, and becomes the app',
    (args) => {
      const { app, settings } = read(...args);
      expect(app).toEqual(['app', '-S']);
      expect(settings).toMatchObject({ mesh: ['linkerd'], timeoutMs: 0, quit: 'never' });
    },
  );

  it.each([
    [['--shutdown', '--port=4291', '--timeout', '2m', '--backoff', '3s', '-v', 'app']],
    [['-S', '-p', '4291', '-t', '120s', '-b=3s', '--verbose', '--', 'app']],
  ])('%j: with its options', (args) => {
    const { app, settings } = read(...args);
    expect(app).toEqual(['app']);
    expect(settings).toMatchObject({
      quit: 'always',
      timeoutMs: 120_000,
      logLevel: 'debug',
      readyUrl: [{ endpoint: { text: 'http://localhost:4291/ready' } }],
      quitUrl: [{ mesh: 'linkerd', endpoint: { text: 'http://localhost:4291/shutdown' } }],
    });
  });

  it('a day has 24 hours', () => expect(read('--timeout', '2d', 'app').settings.timeoutMs).toBe(172_800_000));

  it('refuses what neither knows, and a value that is missing', () => {
    expect(() => read('--shutdwon', 'app')).toThrow(UsageError);
    for (const args of [['--port'], ['--port='], ['-t', '']]) expect(() => read(...args)).toThrow(/needs a value/);
    expect(() => read('--port', 'x', 'app')).toThrow(UsageError);
  });
});
