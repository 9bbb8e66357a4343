/** What a sidecar's admin answered; a text is empty where it did not. */
export interface SidecarAnswers {
  readonly serverInfo: string;
  readonly stats: string;
  readonly certs: string;
  readonly clusters: string;
  readonly listeners: string;
}

/** Counters of what fails. Envoy matches a name with RE2; a dot stands for any character, so none needs escaping. */
const counted = [
  'control_plane.connected_state',
  'listener_manager.(workers_started|total_listeners_active|lds.update_(success|rejected))',
  'cluster_manager.(active_clusters|cds.update_(success|rejected))',
  'cluster..*.upstream_cx_(connect_fail|connect_timeout|none_healthy|protocol_error|destroy_remote_with_active_rq)',
  'cluster..*.upstream_rq_(pending_overflow|timeout|per_try_timeout)',
  'cluster..*.ssl.(connection_error|fail_verify_error|fail_verify_san|fail_verify_no_cert)',
  'http..*.(no_route|no_cluster|downstream_cx_protocol_error|rbac.denied|jwt_authn.denied|ext_authz.(denied|error)|fault.aborts_injected)',
  '.*rbac.denied',
  '.*http_local_rate_limit.rate_limited',
  'listener..*.(no_filter_chain_match|ssl.(fail_verify_no_cert|fail_verify_error))',
];

/** What is asked, in GET requests (Envoy 1.40, operations/admin). */
export const sidecarQuestions: Readonly<Record<keyof SidecarAnswers, string>> = {
  serverInfo: '/server_info',
  stats: `/stats?usedonly&filter=^(${counted.join('|')})$`,
  certs: '/certs',
  clusters: '/clusters?format=json',
  listeners: '/config_dump?resource=dynamic_listeners&mask=name,error_state',
};
