import { describe, expect, it } from 'vitest';
import { type Mesh, meshNames } from '../../../../src/mesh/profiles/profiles.ts';
import { judgeAbsence, parseListeningPorts, readSurroundings } from '../../../../src/mesh/wait/presence.ts';
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
    expect(parseListeningPorts(['', 'hello\nworld\n', ' 0: x 0 0A', ' 0: 0100007F:0000 0 0A'])).toEqual(new Set());
  });
});

describe('when nothing listens where the sidecar should be', () => {
  const nothing = 'refused';
  const nowhere = new Set<number>();
  it.each<[string, Mesh, boolean, ReadonlySet<number> | undefined, string | undefined]>([
    ['outside Kubernetes: start', 'auto', false, nowhere, 'no-sidecar'],
    ['outside Kubernetes, nothing to be seen: start', 'auto', false, undefined, 'no-sidecar'],
    ['in Kubernetes: wait', 'auto', true, nowhere, undefined],
    ['in Kubernetes, nothing to be seen: wait', 'auto', true, undefined, undefined],
    ['in an ambient pod: start', 'auto', true, ambient, 'ambient'],
    ['beside a sidecar that is about to listen on all its ports: wait', 'auto', true, sidecar, undefined],
    ["Istio's by name, outside Kubernetes: wait", 'istio', false, nowhere, undefined],
    ["Istio's by name, in an ambient pod: start", 'istio', true, ambient, 'ambient'],
  ])('%s', (_, mesh, inKubernetes, listeningPorts, kind) => {
    expect(judgeAbsence(mesh, { inKubernetes, listeningPorts }, nothing)?.kind).toBe(kind);
  });

  it.each(meshNames.filter((name) => name !== 'istio'))('%s by name: wait, wherever this is', (mesh) => {
    for (const listeningPorts of [ambient, nowhere, undefined]) {
      for (const inKubernetes of [true, false]) {
        expect(judgeAbsence(mesh, { inKubernetes, listeningPorts }, nothing)).toBeUndefined();
      }
    }
  });

  it('says so', () => {
    expect(judgeAbsence('auto', { inKubernetes: false, listeningPorts: nowhere }, nothing)?.reason).toBe(
      'no sidecar: refused, and this is not Kubernetes',
    );
    expect(judgeAbsence('auto', { inKubernetes: false, listeningPorts: ambient }, nothing)?.reason).toBe(
      'an ambient pod: the node carries its traffic, there is no sidecar to wait for',
    );
  });

  it('one socket that only a sidecar has is not ambient', () => {
    for (const port of [15_000, 15_021]) {
      const listeningPorts = new Set([...ambient, port]);
      expect(judgeAbsence('auto', { inKubernetes: true, listeningPorts }, nothing)).toBeUndefined();
    }
  });

  it('one socket of ztunnel short is not ambient', () => {
    for (const port of [15_001, 15_006, 15_008]) {
      const listeningPorts = new Set([...ambient].filter((other) => other !== port));
      expect(judgeAbsence('auto', { inKubernetes: true, listeningPorts }, nothing)).toBeUndefined();
    }
  });
});

describe('the surroundings', () => {
  const look = (host: string | undefined, files: Record<string, string>) =>
    readSurroundings(host, (path) => (Object.hasOwn(files, path) ? files[path] : undefined));
  const line = (port: string, state: string) => `   0: 0100007F:${port} 00000000:0000 ${state} 0:0\n`;

  it.each([
    [undefined, false],
    ['', false],
    ['10.0.0.1', true],
  ])('KUBERNETES_SERVICE_HOST %j: in Kubernetes %s', (host, inKubernetes) => {
    expect(look(host, {})).toEqual({ inKubernetes, listeningPorts: undefined });
  });

  it('both tables of the kernel, where they are', () => {
    const tcp = line('1F90', '0A') + line('1F91', '01');
    const tcp6 = line('1F92', '0A');
    const ports = (files: Record<string, string>) => look(undefined, files).listeningPorts;
    expect(ports({ '/proc/net/tcp': tcp, '/proc/net/tcp6': tcp6 })).toEqual(new Set([8080, 8082]));
    expect(ports({ '/proc/net/tcp6': tcp6 })).toEqual(new Set([8082]));
    expect(ports({ '/proc/net/tcp': '' })).toEqual(new Set());
  });

  it('a table that is cut off in the middle of a line', () => {
    const table = line('1F90', '0A') + line('1F91', '0A');
    for (let length = 0; length <= table.length; length++) {
      const ports = [...parseListeningPorts([table.slice(0, length)])];
      expect([[], [8080], [8080, 8081]]).toContainEqual(ports);
    }
  });
});
