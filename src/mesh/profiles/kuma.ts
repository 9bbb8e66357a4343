import { saysState } from './consul.ts';
import { admin, type MeshProfile } from './mesh-profile.ts';

/**
 * kuma-dp with an Envoy. Up to 2.13 Envoy's admin listens on TCP, and 9902 says `READY` by itself, whatever Envoy's state is:
 * no proof. From 2.14 on the admin is a unix socket of the sidecar's own, and 9902 hands on what it says: `LIVE`.
 */
export const kuma = {
  title: 'Kuma',
  adminUrl: 'http://localhost:9901',
  readyUrls: ['http://localhost:9902/ready'],
  readyBody: 'LIVE',
  proof: 'statistics',
  quit: [{ urls: [admin] }],
  advice: {
    quitRefused:
      'from 2.14 on its admin is a unix socket that only the sidecar sees: in a Job kuma-cp ends the sidecar itself (restartPolicy Never or OnFailure), as does a native sidecar; a socket on a shared volume is --admin-url kuma=unix:PATH',
  },
  recognisedBy: {
    isIts: (status, body) =>
      ['READY', 'TERMINATING', 'envoy not ready'].includes(body.trim()) || saysState(status, body),
  },
} as const satisfies MeshProfile;
