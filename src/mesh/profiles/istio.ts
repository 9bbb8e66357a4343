import { admin, type MeshProfile } from './mesh-profile.ts';

/** Envoy with pilot-agent: the agent's status server knows whether listeners and clusters have arrived. */
export const istio = {
  title: 'Istio',
  adminUrl: 'http://localhost:15000',
  readyUrls: ['http://localhost:15021/healthz/ready'],
  proof: 'ready-url',
  quit: [{ urls: ['http://localhost:15020/quitquitquit'] }],
  advice: {},
} as const satisfies MeshProfile;

/**
 * What is taken for the sidecar when nothing is said: an Envoy on Istio's port, which says by itself whether it is
 * Istio's.
 */
export const unnamed: MeshProfile = {
  ...istio,
  title: 'sidecar',
  proof: 'by-identity',
  quit: [{ urls: [...istio.quit[0].urls, admin] }],
};
