import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../../src/check/fix/apply-fixes.ts';
import type { Inputs } from '../../../../src/check/model/inputs.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
`;
const stateful = (ports: string, service: string) => `${strict}apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata:
      labels: {app: db}
      annotations: {sidecar.istio.io/nativeSidecar: "true"}
    spec: {containers: [{name: db, image: example/db:1, ports: ${ports}}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: ${service}}
`;

function check(text: string, inputs: Partial<Inputs> = {}) {
  const source = { name: 'a.yaml', text };
  const { findings } = checkManifests([source], { inputs: { injection: true, kubernetes: '1.34', ...inputs } });
  const fixed = applyFixes(findings).changed[0]?.text ?? text;
  return { findings, fixed, of: (rule: string) => findings.filter((finding) => finding.rule === rule) };
}

describe('a fix is completed', () => {
  it('with a name for each port, once a second one makes that necessary', () => {
    const { fixed } = check(
      stateful('[{name: cql, containerPort: 9042}, {name: intra, containerPort: 7000}]', '[{port: 9042}]'),
    );
    expect(fixed).toContain('{port: 9042, name: port-9042');
    expect(fixed).toContain('{name: tcp-intra, port: 7000}');
  });

  it('with names that are free', () => {
    const ports = '[{name: peer, containerPort: 7001}, {name: old, containerPort: 7000}]';
    const { fixed } = check(stateful(ports, '[{name: tcp-peer, port: 7000}]'));
    expect(fixed).toContain('{name: tcp-peer, port: 7000}');
    expect(fixed).toContain('{name: tcp-peer-7001, port: 7001}');
  });

  it('with all that names a port', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example/web:1, readinessProbe: {httpGet: {port: 9001, scheme: HTTPS}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http-web, port: 443, targetPort: 9001}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: new, namespace: shop}
spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {name: http-web}}}}, {backend: {service: {name: api, port: {name: http-web}}}}]}}]}
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old, namespace: shop}
spec: {backend: {serviceName: web, servicePort: http-web}}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: route, namespace: shop}
spec: {routes: [{services: [{name: web, port: http-web}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: tls, namespace: shop}
spec: {targetRefs: [{group: "", kind: Service, name: web, sectionName: http-web}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: in, namespace: monitoring}
spec: {namespaceSelector: {matchNames: [shop]}, selector: {matchLabels: {app: web}}, endpoints: [{port: http-web}, {port: other}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: out, namespace: monitoring}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http-web}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: elsewhere, namespace: other}
spec: {defaultBackend: {service: {name: web, port: {name: http-web}}}}
`;
    const { fixed, of } = check(text);
    const renamed = fixed.split('---\n').map((document) => (document.match(/https-web/g) ?? []).length);
    expect(renamed).toEqual([0, 1, 1, 1, 1, 1, 1, 0, 0]);
    const [finding] = of('own-tls-as-http');
    expect(finding?.fix?.patches.map(({ object }) => `${object.kind} ${object.name}`)).toEqual([
      ...[
        'Service web',
        'Ingress new',
        'Ingress old',
        'IngressRoute route',
        'BackendTLSPolicy tls',
        'ServiceMonitor in',
      ],
    ]);
    expect(finding?.fix?.notes?.[0]?.text).toContain('an Ingress, a ServiceMonitor');
  });

  it('with what calls a container port by its number', () => {
    const { fixed } = check(`apiVersion: apps/v1
kind: Deployment
metadata: {name: mq, namespace: shop}
spec:
  selector: {matchLabels: {app: mq}}
  template:
    metadata: {labels: {app: mq}, annotations: {prometheus.io/port: "15000"}}
    spec: {containers: [{name: mq, image: example/mq:1, ports: [{name: admin, containerPort: 15000}], readinessProbe: {httpGet: {port: 15000}}, lifecycle: {preStop: {httpGet: {port: 15000}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: mq, namespace: shop}
spec: {selector: {app: mq}, ports: [{name: http-admin, port: 15000}, {name: http-b, port: 80, targetPort: admin}]}
`);
    expect(fixed.replaceAll(/port: 15000, targetPort: 8000/g, '')).not.toContain('15000');
    expect(fixed).toContain('{name: http-b, port: 80, targetPort: admin}');
  });
});

describe('a fix is not offered', () => {
  const reasonOf = (text: string, rule: string, inputs?: Partial<Inputs>) =>
    check(text, inputs)
      .of(rule)
      .map(({ fix, byHand }) => fix?.title ?? byHand);

  it('where it brings another problem; the finding says what to do', () => {
    const own = '[{name: peer, containerPort: 7000}, {name: leader, containerPort: 8080}]';
    const text = `${stateful(own, '[{name: tcp-peer, port: 7000}]')}---
apiVersion: v1
kind: Service
metadata: {name: app, namespace: shop}
spec: {selector: {app: db}, ports: [{name: http, port: 80, targetPort: leader}]}
`;
    expect(reasonOf(text, 'headless-port-missing')).toEqual([
      'No fix is offered: "name port 8080" would bring port-shared to Service shop/app. By hand: Name the ports on which members call each other in the headless Service.',
    ]);
  });

  it('where each of many brings another problem: all have the reason', () => {
    const own = '[{name: peer, containerPort: 7000}, {name: leader, containerPort: 8080}]';
    const one = `${stateful(own, '[{name: tcp-peer, port: 7000}]')}---
apiVersion: v1
kind: Service
metadata: {name: app, namespace: shop}
spec: {selector: {app: db}, ports: [{name: http, port: 80, targetPort: leader}]}
`;
    const all = Array.from({ length: 120 }, (_, index) =>
      one.replaceAll('namespace: shop', `namespace: shop-${index}`),
    );
    expect(reasonOf(all.join('---\n'), 'headless-port-missing')).toEqual(
      Array.from({ length: 120 }, () =>
        expect.stringMatching(/^No fix is offered: "name port 8080" would bring port-shared/),
      ),
    );
  });

  it('where the API server would refuse what comes of it', () => {
    const text = stateful('[{name: a, containerPort: 7000}]', '[{name: tcp-a, port: 7000, targetPort: 7001}]');
    expect(reasonOf(text, 'headless-port-missing')[0]).toContain(
      'would leave Service shop/db broken: port "7000/TCP" stands twice',
    );
  });

  it('where it would write a key twice', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {sidecar.istio.io/native: "true", sidecar.istio.io/nativeSidecar: "false"}}
spec: {containers: [{name: a, image: example/a:1}]}
`;
    expect(reasonOf(text, 'native-annotation-typo')[0]).toContain(
      'would write the key "sidecar.istio.io/nativeSidecar" twice',
    );
  });

  it('where another one that is taken contradicts it', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: cd, namespace: shop, labels: {app: cd}}
spec: {containers: [{name: cd, image: example/cd:1, readinessProbe: {httpGet: {port: 8080, scheme: HTTPS}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: cd, namespace: shop}
spec: {selector: {app: cd}, ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8080}]}
`;
    expect(reasonOf(text, 'own-tls-as-http')).toEqual(['declare it https']);
    expect(reasonOf(text, 'port-mixed')[0]).toContain('would bring own-tls-as-http to Service shop/cd');
  });

  it('and the good ones beside it are, however many there are', () => {
    const pod = (name: string, typo: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, annotations: {sidecar.istio.io/native: ${typo}}}
spec: {containers: [{name: a, image: example/a:1}]}
`;
    const names = Array.from({ length: 40 }, (_, index) => `a${index}`);
    // "no" makes a sidecar native, which another rule says once the name is right.
    const findings = check(names.map((name) => pod(name, name.endsWith('7') ? '"no"' : '"true"')).join('---\n')).of(
      'native-annotation-typo',
    );
    expect(findings.filter(({ fix }) => fix === undefined).map(({ object }) => object?.name)).toEqual([
      'a7',
      'a17',
      'a27',
      'a37',
    ]);
    expect(findings.filter(({ byHand }) => byHand?.includes('native-value'))).toHaveLength(4);
  });
});

it('what can be seen only once pods have sidecars is not the fault of a fix', () => {
  const { of } = check(
    `apiVersion: v1
kind: Pod
metadata: {name: a, labels: {sidecar.istio.io/inject: "yes"}}
spec: {containers: [{name: a, image: example/a:1, ports: [{containerPort: 15000}]}]}
`,
    { injection: false },
  );
  expect(of('inject-value').map(({ fix }) => fix?.title)).toEqual(['write "true"']);
});

it('what is suppressed is not fixed', () => {
  const { fixed } = check(
    '# mesh-shim-ignore port-undeclared: known\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 22}]}\n',
  );
  expect(fixed).not.toContain('appProtocol');
});
