import { describe, expect, it } from 'vitest';
import { judgeAbsence, type Mode, parseListeningPorts } from '../../../../src/mesh/wait/presence.ts';
import { fixtureBytes } from '../../../helpers/fixtures.ts';

const table = (name: string) => fixtureBytes(`proc-net-tcp/${name}`);
const ambient = parseListeningPorts([table('ambient.tcp'), table('ambient.tcp6')]);
const sidecar = parseListeningPorts([table('sidecar.tcp'), table('sidecar.tcp6')]);

describe('the listening ports of the kernel', () => {
  it('of both tables, without connections that stand', () => {
    expect([...ambient].sort()).toEqual([15_001, 15_006, 15_008, 15_053, 8080].sort());
    expect([...sidecar]).toEqual(expect.arrayContaining([15_000, 15_001, 15_006, 15_021]));
    expect(sidecar.has(40_000)).toBe(false);
  });

  it('of nothing, and of something else', () => {
    expect(parseListeningPorts([])).toEqual(new Set());
    expect(parseListeningPorts(['', 'hello\nworld\n', ' 0: x 0 0A'])).toEqual(new Set());
  });
});

describe('when nothing listens where the sidecar should be', () => {
  const nothing = 'refused';
  const nowhere = new Set<number>();
  it.each<[string, Mode, boolean, ReadonlySet<number> | undefined, string | undefined]>([
    ['outside Kubernetes: start', 'auto', false, nowhere, 'no-sidecar'],
    ['outside Kubernetes, nothing to be seen: start', 'auto', false, undefined, 'no-sidecar'],
    ['in Kubernetes: wait', 'auto', true, nowhere, undefined],
    ['in Kubernetes, nothing to be seen: wait', 'auto', true, undefined, undefined],
    ['in an ambient pod: start', 'auto', true, ambient, 'ambient'],
    ['beside a sidecar that is about to listen on all its ports: wait', 'auto', true, sidecar, undefined],
    ['required: wait', 'required', false, nowhere, undefined],
    ['required, in an ambient pod: wait', 'required', true, ambient, undefined],
    ['optional, outside: start', 'optional', false, nowhere, 'no-sidecar'],
    ['optional, in Kubernetes: wait', 'optional', true, nowhere, undefined],
  ])('%s', (_, mode, inKubernetes, listeningPorts, kind) => {
    expect(judgeAbsence(mode, { inKubernetes, listeningPorts }, nothing)?.kind).toBe(kind);
  });

  it('one socket of ztunnel short is not ambient', () => {
    for (const port of [15_001, 15_006, 15_008]) {
      const listeningPorts = new Set([...ambient].filter((other) => other !== port));
      expect(judgeAbsence('auto', { inKubernetes: true, listeningPorts }, nothing)).toBeUndefined();
    }
  });
});
