import { admin, type MeshProfile } from './mesh-profile.ts';

/** An Envoy without a mesh of its own name. */
export const envoy = {
  title: 'Envoy',
  adminUrl: 'http://localhost:15000',
  readyUrls: [],
  proof: 'statistics',
  quit: [{ urls: [admin] }],
  advice: {},
} as const satisfies MeshProfile;
