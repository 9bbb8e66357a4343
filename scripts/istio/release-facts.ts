/** What differs between Istio's releases and the checker knows beside the tables that are made from the API. */
export interface ReleaseFact {
  /** The first release of which it is so. */
  readonly since: string;
  readonly fact: string;
  /** The files that ask for that release; none: nothing does, and that is the fact. */
  readonly code: readonly string[];
  /** What it rests on: a run of Istio's injector, the API's generated files, or source that was read, with its commit. */
  readonly source: string;
}

const profiles = 'istio/istio manifests/helm-profiles';

/** A test holds each release that src/check asks for to a row, and each row to the code. */
export const releaseFacts: readonly ReleaseFact[] = [
  {
    since: '1.21',
    fact: 'a Service of type ExternalName is an alias of its name',
    code: ['src/check/rules/external-name.ts'],
    source: `read: ${profiles}/compatibility-version-1.20.yaml at 186bc00664f1 (ENABLE_EXTERNAL_NAME_ALIAS)`,
  },
  {
    since: '1.22',
    fact: "Istio's kinds have the version v1",
    code: ['src/check/rules/api-old.ts'],
    source: 'API: the CRDs of 1.21 and 1.22',
  },
  {
    since: '1.24',
    fact: 'the annotation `sidecar.istio.io/nativeSidecar`',
    code: ['src/check/rules/shared/start-order.ts'],
    source: 'API: the annotations of 1.23 and 1.24',
  },
  {
    since: '1.25',
    fact: 'ServiceEntries without addresses get some, where sidecars answer DNS',
    code: ['src/check/model/dns-capture.ts', 'src/check/rules/se-no-address.ts'],
    source: `read: ${profiles}/compatibility-version-1.24.yaml at 0098d99f8e43 (PILOT_ENABLE_IP_AUTOALLOCATE)`,
  },
  {
    since: '1.27',
    fact: 'native sidecars by default, where every kubelet is 1.33 or newer',
    code: ['src/check/model/injection.ts'],
    source: `read: ${profiles}/compatibility-version-1.26.yaml at eed52ebb66ad (ENABLE_NATIVE_SIDECARS); pkg/kube/inject/webhook.go (DetectNativeSidecar)`,
  },
  {
    since: '1.27',
    fact: 'of `sidecar.istio.io/inject` only "true" and "false" count; before, the words of YAML 1.1 did',
    code: [
      'src/check/model/membership.ts',
      'src/check/rules/inject-annotation-deprecated.ts',
      'src/check/rules/inject-value.ts',
    ],
    source: 'run: 1.31. Read: istio/istio pkg/kube/inject/inject.go at 00af2c5549d5, before 1.27 (injectRequired)',
  },
  {
    since: '1.30',
    fact: 'the injector refuses names of interfaces that cannot be any',
    code: ['src/check/model/annotation-values.ts'],
    source:
      'run: 1.30, 1.31. Read: istio/istio pkg/kube/inject/validate.go at 0098d99f8e43, before 1.27; change notes of 1.30.0, issue 58781',
  },
  {
    since: '1.31',
    fact: 'the injector refuses ports of metrics that it cannot merge, and reads `prometheus.istio.io/scrape-targets`',
    code: ['src/check/model/prometheus-merge.ts'],
    source: 'run: 1.30, which takes them, and 1.31',
  },
  {
    since: '1.32',
    fact: 'nothing that the checker or the shim rests on, beside fields of kinds',
    code: [],
    source: `API: 1.31.4 and 1.32.0. Read: ${profiles}/compatibility-version-1.31.yaml at b76401a5a4e6; change notes of 1.32.0`,
  },
];
