import { expect, it } from 'vitest';
import { patchesOf } from '../../../src/check/fix/patches.ts';
import type { ClientTls } from '../../../src/check/model/traffic/client-tls.ts';
import { loadManifests } from '../../../src/check/read/load.ts';
import type { KubeObject } from '../../../src/check/read/manifest.ts';
import { withoutTls } from '../../../src/check/rules/shared/without-tls.ts';

const tlsPath = ['spec', 'trafficPolicy', 'tls'];
const portPath = ['spec', 'trafficPolicy', 'portLevelSettings', 0, 'tls'];

/** What the cluster gets: a merge patch leaves an empty map, which a changed file does not. */
function patchesFor(policy: string, tls: Pick<ClientTls, 'ofPort' | 'path'>) {
  const text = `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a}, spec: {host: a, trafficPolicy: ${policy}}}`;
  const [object] = loadManifests([{ name: 'a.yaml', text }], 'shop').objects as [KubeObject];
  const { edit } = withoutTls(object, tls as ClientTls, 'DISABLE');
  return patchesOf(object, edit.op === 'remove-object' ? [] : [edit]).map(({ patch }) => patch);
}

it('leaves no policy without any field, which Istio refuses', () => {
  const tls = { ofPort: false, path: tlsPath };
  expect(patchesFor('{tls: {mode: SIMPLE, sni: a}}', tls)).toEqual([{ spec: { trafficPolicy: null } }]);
  expect(patchesFor('{tls: {mode: SIMPLE}, loadBalancer: {simple: RANDOM}}', tls)).toEqual([
    { spec: { trafficPolicy: { tls: null } } },
  ]);
});

it('gives a port the other mode and nothing else, since the settings of the rule do not hold for it', () => {
  const tls = { ofPort: true, path: portPath };
  const changes = (settings: string) =>
    patchesFor(`{portLevelSettings: [{port: {number: 80}, tls: ${settings}}]}`, tls).flatMap((patch) =>
      [patch].flat().filter((step) => (step as { op?: string }).op !== 'test'),
    );
  expect(changes('{mode: SIMPLE}')).toEqual([
    { op: 'replace', path: '/spec/trafficPolicy/portLevelSettings/0/tls/mode', value: 'DISABLE' },
  ]);
  expect(changes('{mode: MUTUAL, credentialName: a}')).toEqual([
    { op: 'replace', path: '/spec/trafficPolicy/portLevelSettings/0/tls', value: { mode: 'DISABLE' } },
  ]);
});
