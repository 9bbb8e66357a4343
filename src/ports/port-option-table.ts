import type { DescribedPort } from '../mesh/ports/describe-ports.ts';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, optionTable } from '../shared/option-table.ts';

export const portNumber = accepted.integer(1, 65_535);

/** What Kubernetes takes for the name of a port: https://kubernetes.io/docs/concepts/services-networking/service/ */
function isPortName(value: unknown): boolean {
  return typeof value === 'string' && /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
}

/** The fields of a port of `describePorts` and, where `port` may be absent, of `portProtocol`. */
export const portOptionTable = optionTable<AllSet<DescribedPort, 'name' | 'appProtocol' | 'targetPort' | 'nodePort'>>({
  name: {
    ...accepted.that('a string', (value) => typeof value === 'string'),
    default: undefined,
    text: "The port's name; what stands before its first `-` counts.",
  },
  appProtocol: {
    ...accepted.that('a string', (value) => typeof value === 'string'),
    default: undefined,
    text: 'Wins over the name, even where Istio does not know it.',
  },
  port: {
    ...portNumber,
    required: true,
    text: 'The port of the Service, or of the pod where `targetPort` is left out.',
  },
  protocol: {
    ...accepted.oneOf(['TCP', 'UDP', 'SCTP']),
    default: 'TCP',
    text: "How the bytes travel; what they mean is `appProtocol`'s.",
  },
  targetPort: {
    ...accepted.either(
      `${portNumber.accepts}, or the name of a container's port`,
      isPortName,
      accepted.that('', isPortName),
      portNumber,
    ),
    default: undefined,
    defaultText: '`port`',
    text: 'Where the app listens.',
  },
  nodePort: {
    ...accepted.integer(0, 65_535),
    default: undefined,
    text: 'Read over: no sidecar sees it.',
  },
  use: {
    ...accepted.oneOf(['app', 'health']),
    default: 'app',
    text: "Whether the app's own traffic or probes arrive here.",
  },
});
