import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandReferences } from '../../../src/check/model/environment.ts';
import type { ImageConfig } from '../../../src/images/image-config.ts';
import { containerStart, escapeReferences } from '../../../src/wrap/container-start.ts';

const image = (entrypoint?: string[], cmd?: string[]) => ({ entrypoint, cmd }) as unknown as ImageConfig;

describe("what the kubelet starts, by Kubernetes' rules", () => {
  // The table of "Define a Command and Arguments for a Container".
  const both = image(['/ep-1'], ['foo', 'bar']);
  it.each([
    [{}, both, ['/ep-1'], ['foo', 'bar']],
    [{ command: ['/ep-2'] }, both, ['/ep-2'], []],
    [{ args: ['zoo', 'boo'] }, both, ['/ep-1'], ['zoo', 'boo']],
    [{ command: ['/ep-2'], args: ['zoo', 'boo'] }, both, ['/ep-2'], ['zoo', 'boo']],
    [{ command: [], args: [] }, both, ['/ep-1'], ['foo', 'bar']],
    [{}, image(undefined, ['node', 'a.js']), [], ['node', 'a.js']],
    [{ args: ['b.js'] }, image(undefined, ['node', 'a.js']), [], ['b.js']],
    [{}, image(['/bin/sh', '-c', 'exec app']), ['/bin/sh', '-c', 'exec app'], []],
    [{ args: ['x'] }, image(['/bin/sh', '-c', 'exec app']), ['/bin/sh', '-c', 'exec app'], ['x']],
    [{}, image(), [], []],
    [{ command: ['a'] }, undefined, ['a'], []],
  ])('%j', (container, config, command, args) => {
    expect(containerStart(container, config)).toMatchObject({ command, args });
  });

  it("words of the image are escaped, those of the manifest are the author's", () => {
    const config = image(['sh', '-c', 'echo $(hostname) $HOME $$'], ['$(X)']);
    expect(containerStart({}, config)).toMatchObject({
      command: ['sh', '-c', 'echo $$(hostname) $HOME $$$$'],
      args: ['$$(X)'],
    });
    expect(containerStart({ args: ['$(X)'] }, config).args).toEqual(['$(X)']);
  });
});

it('an escaped word is what the kubelet makes the word of again, whatever is set', () => {
  const word = fc.array(fc.constantFrom('$', '(', ')', 'A', 'B', ' ', '$(A)', '$$')).map((parts) => parts.join(''));
  const env = new Map([
    ['A', '1'],
    ['B', '2'],
    ['AB', '3'],
  ]);
  fc.assert(fc.property(word, (text) => expandReferences(escapeReferences(text), env) === text));
});
