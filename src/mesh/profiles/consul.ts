import { admin, type MeshProfile } from './mesh-profile.ts';

/**
 * consul-dataplane with an Envoy. Its lifecycle server listens on 20600 where consul-k8s has set it up, and on the program's
 * own default elsewhere; an Envoy that ends takes the program with it. Its readiness port listens on the pod's address only.
 */
export const consul = {
  title: 'Consul',
  adminUrl: 'http://localhost:19000',
  readyUrls: [],
  proof: 'statistics',
  quit: [{ urls: ['http://localhost:20600/graceful_shutdown', 'http://localhost:20300/graceful_shutdown', admin] }],
  advice: {
    quitStatus: {
      404: 'the path is another one here (-graceful-shutdown-path of consul-dataplane): --quit-url consul=URL names it',
    },
  },
  recognisedBy: { url: 'http://localhost:19000/ready', isIts: saysState },
} as const satisfies MeshProfile;

/** What Envoy's /ready says, and nobody else. */
export function saysState(_: number, body: string): boolean {
  return ['LIVE', 'DRAINING', 'PRE_INITIALIZING', 'INITIALIZING'].includes(body.trim());
}
