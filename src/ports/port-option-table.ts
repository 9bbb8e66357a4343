import type { DescribedPort } from '../mesh/ports/describe-ports.ts';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, optionTable } from '../shared/option-table.ts';

export const portNumber = accepted.integer(1, 65_535);

/** The fields of a port of `describePorts` and, where `port` may be absent, of `portProtocol`. */
export const portOptionTable = optionTable<AllSet<DescribedPort, 'name' | 'appProtocol' | 'targetPort'>>({
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
  transport: {
    ...accepted.oneOf(['TCP', 'UDP', 'SCTP']),
    default: 'TCP',
    text: "Kubernetes' `protocol`.",
  },
  targetPort: {
    ...portNumber,
    default: undefined,
    defaultText: '`port`',
    text: 'Where the app listens.',
  },
  use: {
    ...accepted.oneOf(['app', 'health']),
    default: 'app',
    text: "Whether the app's own traffic or probes arrive here.",
  },
});
