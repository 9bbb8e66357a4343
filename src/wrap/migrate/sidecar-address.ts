/** Ports of sidecars on the pod's own loopback, with the options of mesh-shim that mean the same sidecar. */
const sidecarPorts: ReadonlyMap<string, readonly string[]> = new Map([
  // Envoy's admin, Istio's agent, and its readiness (Istio: "Ports used by Istio").
  ['15000', []],
  ['15020', []],
  ['15021', []],
  // The admin of Linkerd's proxy.
  ['4191', ['--mesh', 'linkerd']],
]);

const loopback = '(?:localhost|127\\.0\\.0\\.1|\\[::1\\]|::1)';
const address = new RegExp(`(?:^|[^\\w.-])${loopback}(?::|\\s+)(\\d+)(?![\\w.-])`, 'g');

/** The options for the one sidecar that a text speaks of by its address; undefined where it is none, or there are several. */
export function sidecarIn(text: string): readonly string[] | undefined {
  const ports = [...text.matchAll(address)].map(([, port = '']) => port);
  const [first] = ports;
  return first !== undefined && ports.every((port) => port === first) ? sidecarPorts.get(first) : undefined;
}

/** Whether a text has to do with a sidecar in whatever way. */
export function mentionsSidecar(text: string): boolean {
  if (text.includes('quitquitquit') || (text.includes('healthz/ready') && /1502[01]/.test(text))) return true;
  return [...text.matchAll(address)].some(([, port = '']) => sidecarPorts.has(port));
}
