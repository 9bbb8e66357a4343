import type { MeshProfile, ReadVariable } from './mesh-profile.ts';

const tokenIsMissing =
  'daprd wants its API token: set DAPR_API_TOKEN in the app, from the secret that dapr.io/api-token-secret names';
const isNotAllowed = 'the API allow list of its Configuration (spec.api.allowed) leaves shutdown out';

const at = (port: string): Pick<MeshProfile, 'readyUrls' | 'quit'> => ({
  // Its plain /healthz waits for the app itself, which would be a deadlock.
  readyUrls: [`http://localhost:${port}/v1.0/healthz/outbound`],
  quit: [{ urls: [`http://localhost:${port}/v1.0/shutdown`] }],
});

/** daprd's health API. The injector tells the app the port, and the user the token. */
export const dapr = {
  title: 'Dapr',
  ...at('3500'),
  advice: {
    absent: 'is the pod annotated with dapr.io/enabled: "true"?',
    quitStatus: { 401: tokenIsMissing, 404: isNotAllowed },
  },
  recognisedBy: {
    isIts: (status, body) => status === 204 || body.includes('ERR_OUTBOUND_HEALTH_NOT_READY') || body.includes('dapr'),
  },
  inEnvironment: inEnvironment,
} as const satisfies MeshProfile;

function inEnvironment(profile: MeshProfile, read: ReadVariable): MeshProfile {
  const port = read('DAPR_HTTP_PORT')?.trim() ?? '';
  const token = read('DAPR_API_TOKEN')?.trim() ?? '';
  const addresses = isPort(port) ? at(port) : profile;
  const withToken = addresses.quit.map((route) => ({ ...route, header: `dapr-api-token: ${token}` }));
  return { ...profile, ...addresses, ...(token === '' ? {} : { quit: withToken }) };
}

function isPort(text: string): boolean {
  const port = Number(text);
  return text !== '' && Number.isInteger(port) && port > 0 && port < 65_536;
}
