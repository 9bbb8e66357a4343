import type { MeshName } from './profiles.ts';

/** One fact about a mesh's sidecar, on which its profile rests. */
export interface Evidence {
  /** What of the profile it is about: an address, a name of the environment, or a piece of advice. */
  readonly about: string;
  readonly fact: string;
  /** A run of the program itself, or a file of its repository, with the version. */
  readonly source: string;
  /** The recorded reply, below test/fixtures/other-meshes. */
  readonly sample?: string;
}

const linkerdRun = 'run, linkerd2-proxy release/v2.366.0';
const consulRun = 'run, consul-dataplane 2.0.1';
const kumaRun = 'run, kuma-dp 2.14.3';
const daprRun = 'run, daprd 1.16.0 and 1.18.3';
const csqlRun = 'run, Cloud SQL Auth Proxy 2.27.0';
const csqlOperator = 'GoogleCloudPlatform/cloud-sql-proxy-operator internal/workload/podspec_updates.go, 1.8.1';

/** Not part of any build: the page of the meshes is made from it, and tests hold the profiles to it. */
export const evidence: Readonly<Record<MeshName, readonly Evidence[]>> = {
  istio: [
    {
      about: 'http://localhost:15000',
      fact: "Envoy's admin: `/server_info` says the state, and by the node's id and metadata that it is Istio's",
      source: 'run, Istio 1.31 with Envoy 1.40.0',
    },
    {
      about: 'http://localhost:15021/healthz/ready',
      fact: 'refused until its workers have started; 200 once Envoy is LIVE and the first listeners and clusters have been taken; moved by the metadata `ENVOY_STATUS_PORT`',
      source: 'istio/istio pilot/cmd/pilot-agent/status, 1.31; run',
    },
    {
      about: 'http://localhost:15020/quitquitquit',
      fact: 'a POST ends agent and Envoy',
      source: 'istio/istio pilot/cmd/pilot-agent/status/server.go, 1.31; run',
    },
  ],
  envoy: [
    {
      about: 'http://localhost:15000',
      fact: 'LIVE without one listener, once the control plane has not answered for `initial_fetch_timeout`: `listener_manager.lds.update_success` is 0 then; a bootstrap with static listeners has no such number',
      source: 'run, Envoy 1.36.4 and 1.40.0',
      sample: 'envoy/stats-no-control-plane',
    },
    {
      about: 'admin',
      fact: '`POST /quitquitquit` ends it. After `POST /drain_listeners` it stays LIVE, and `listener_stopped` counts the closed listeners',
      source: 'run, Envoy 1.36.4 and 1.40.0',
    },
  ],
  linkerd: [
    {
      about: 'http://localhost:4191/ready',
      fact: '503 `not ready` until its identity is certified, then 200 `ready`',
      source: linkerdRun,
      sample: 'linkerd/ready-before',
    },
    {
      about: 'http://localhost:4191/shutdown',
      fact: 'a POST from loopback ends it, also before it is ready',
      source: linkerdRun,
      sample: 'linkerd/shutdown-200',
    },
    {
      about: 'quit 404',
      fact: 'off by default since 2024-06; on by the annotation `config.linkerd.io/proxy-admin-shutdown: enabled` or the Helm value `proxy.enableShutdownEndpoint`',
      source: 'linkerd/linkerd2 pkg/k8s/labels.go and pkg/inject/inject.go, edge-26.8.3; run',
      sample: 'linkerd/shutdown-404-not-enabled',
    },
  ],
  consul: [
    {
      about: 'http://localhost:19000',
      fact: "Envoy's admin, with state and statistics",
      source: consulRun,
      sample: 'consul/stats-workers-before',
    },
    {
      about: 'http://localhost:20600/graceful_shutdown',
      fact: 'where consul-k8s puts the lifecycle server; a POST ends the sidecar after its grace period (30 s in the chart)',
      source: `${consulRun}; hashicorp/consul-k8s charts/consul/values.yaml, 1.6.0 to 2.0.3`,
      sample: 'consul/graceful-shutdown-200',
    },
    {
      about: 'http://localhost:20300/graceful_shutdown',
      fact: "the program's own default port of the lifecycle server",
      source: 'hashicorp/consul-dataplane pkg/consuldp/lifecycle.go, 1.3.0 to 2.0.1; run',
    },
    { about: 'admin', fact: '`POST /quitquitquit` ends Envoy, and consul-dataplane with it', source: consulRun },
    {
      about: 'quit 404',
      fact: 'the lifecycle is on, at another path: `-graceful-shutdown-path`, or the annotation of consul-k8s',
      source: consulRun,
      sample: 'consul/lifecycle-other-path',
    },
  ],
  kuma: [
    {
      about: 'http://localhost:9901',
      fact: "Envoy's admin up to 2.13, and in 2.14 by choice",
      source: kumaRun,
      sample: 'kuma-tcp-admin/ready-9901-while-not-live',
    },
    {
      about: 'http://localhost:9902/ready',
      fact: 'from 2.14 on it hands on what Envoy says: 503 until it is `LIVE`. With the admin on TCP it says 200 `READY` by itself, whatever the state of Envoy: no proof',
      source: `${kumaRun}; kumahq/kuma app/kuma-dp/pkg/dataplane/readiness/component.go, 2.13.10 and 2.14.3`,
      sample: 'kuma-tcp-admin/ready-9902-while-not-live',
    },
    {
      about: 'admin',
      fact: '`POST :9901/quitquitquit` ends it, where the admin is on TCP',
      source: kumaRun,
    },
    {
      about: 'quit refused',
      fact: 'in 2.14 the admin is a unix socket of the sidecar: nothing on TCP takes a quit. kuma-cp ends the sidecar once only it still runs in a pod whose restartPolicy is not Always',
      source: `${kumaRun}; kumahq/kuma pod_status_controller.go, 2.14.3`,
      sample: 'kuma-2.14/unknown-path',
    },
  ],
  dapr: [
    {
      about: 'http://localhost:3500/v1.0/healthz/outbound',
      fact: '204 once daprd can be called, also before the app is up; needs no token. `/v1.0/healthz` waits for the app: a deadlock',
      source: daprRun,
      sample: 'dapr/outbound-app-not-up',
    },
    {
      about: 'http://localhost:3500/v1.0/shutdown',
      fact: 'a POST ends it',
      source: daprRun,
      sample: 'dapr/shutdown-POST',
    },
    {
      about: 'DAPR_HTTP_PORT',
      fact: "the injector's word of the port, in each container of the app",
      source: 'dapr/dapr pkg/injector, 1.18.3',
    },
    {
      about: 'DAPR_API_TOKEN',
      fact: 'the token goes in the header `dapr-api-token`; the injector sets it in daprd only, the user in the app',
      source: `${daprRun}; dapr/dapr pkg/injector/patcher/sidecar_container.go`,
      sample: 'dapr/shutdown-with-token',
    },
    {
      about: 'quit 401',
      fact: 'daprd wants a token, and none or another one was sent',
      source: daprRun,
      sample: 'dapr/shutdown-401-api-token',
    },
    {
      about: 'quit 404',
      fact: 'the API allow list (`spec.api.allowed`) leaves shutdown out',
      source: daprRun,
      sample: 'dapr/shutdown-api-allowed',
    },
    {
      about: 'absent',
      fact: 'the sidecar is injected by the annotation `dapr.io/enabled`',
      source: 'dapr/dapr pkg/injector/annotations, 1.18.3',
    },
  ],
  'cloud-sql-proxy': [
    {
      about: 'http://localhost:9090/startup',
      fact: 'with `--health-check`: refused until the proxy is up, then 200 `ok`. It proves nothing about the database: `--wait-for postgres://localhost:PORT` does',
      source: csqlRun,
      sample: 'cloud-sql-proxy/startup-ready',
    },
    {
      about: 'http://localhost:9091/quitquitquit',
      fact: 'with `--quitquitquit` a POST ends it with 0',
      source: csqlRun,
      sample: 'cloud-sql-proxy/quit-200',
    },
    {
      about: 'CSQL_PROXY_QUIT_URLS',
      fact: 'the operator sets it in each container: an address per proxy, separated by blanks. Then health is on 9801, of a second proxy on 9802',
      source: csqlOperator,
    },
    {
      about: 'absent',
      fact: 'without `--health-check` nothing listens on 9090, or its `/startup` is 404 with `--prometheus` alone',
      source: csqlRun,
      sample: 'cloud-sql-proxy/startup-404-prometheus-only',
    },
    { about: 'quit refused', fact: 'without `--quitquitquit` nothing listens on 9091', source: csqlRun },
    {
      about: 'quit 404',
      fact: 'with `--debug` and without `--quitquitquit` it listens',
      source: csqlRun,
      sample: 'cloud-sql-proxy/quit-404-debug-only',
    },
  ],
};
