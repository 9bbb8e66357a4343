import type { MeshProfile } from './mesh-profile.ts';

const shutdownIsOff =
  'set the annotation config.linkerd.io/proxy-admin-shutdown: enabled (or the Helm value proxy.enableShutdownEndpoint)';

/** linkerd2-proxy: its admin says 503 until its identity is certified. */
export const linkerd = {
  title: 'Linkerd',
  readyUrls: ['http://localhost:4191/ready'],
  quit: [{ urls: ['http://localhost:4191/shutdown'] }],
  advice: { quitStatus: { 404: shutdownIsOff } },
  recognisedBy: {
    isIts: (_, body) => body.trim() === 'ready' || body.trim() === 'not ready',
  },
} as const satisfies MeshProfile;
