import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';

const text = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec:
  initContainers: [{name: migrate, image: x}]
  containers: [{name: a, image: x}]
`;

it.each(['init-blackhole', 'init-outside-mesh'])('%s proposes no user on OpenShift, where it is not 1337', (rule) => {
  const inputs = { kubernetes: '1.28', istio: '1.20', cni: rule === 'init-blackhole' } as const;
  const fixOf = (openshift: boolean) => {
    const { findings } = checkManifests([{ name: 'a', text }], { inputs: { ...inputs, openshift } });
    const found = findings.filter((finding) => finding.rule === rule);
    expect(found).toHaveLength(1);
    return found[0]?.fix?.title;
  };
  expect(fixOf(false)).toContain("as the sidecar's user");
  expect(fixOf(true)).toBeUndefined();
});
