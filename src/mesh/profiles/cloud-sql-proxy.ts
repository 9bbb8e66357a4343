import { isHttpUrl } from '../ask/endpoint.ts';
import type { MeshProfile, QuitRoute, ReadVariable } from './mesh-profile.ts';

/** The operator gives each further proxy of a pod the next free port. */
const operatorHealthPort = 9801;

/** The Cloud SQL Auth Proxy. Its operator tells the app where to quit, and moves the health port. */
export const cloudSqlProxy = {
  title: 'Cloud SQL Auth Proxy',
  readyUrls: ['http://localhost:9090/startup'],
  quit: [{ urls: ['http://localhost:9091/quitquitquit'] }],
  advice: {
    absent: 'does the proxy run with --health-check? (its port is --http-port)',
    quitRefused: 'start the proxy with --quitquitquit (its port is --admin-port)',
    quitStatus: { 404: 'start the proxy with --quitquitquit' },
  },
  recognisedBy: {
    isIts: (status, body) => status === 200 && body.trim() === 'ok',
  },
  inEnvironment: inEnvironment,
} as const satisfies MeshProfile;

function inEnvironment(profile: MeshProfile, read: ReadVariable): MeshProfile {
  const urls = (read('CSQL_PROXY_QUIT_URLS') ?? '').split(' ').filter(isHttpUrl);
  if (urls.length === 0) return profile;
  return {
    ...profile,
    readyUrls: urls.map((_, index) => `http://localhost:${operatorHealthPort + index}/startup`),
    quit: urls.map((url): QuitRoute => ({ urls: [url] })),
  };
}
