import { type DescribedPort, describePorts as describe, type PortFinding } from '../mesh/ports/describe-ports.ts';
import { type PortProtocol, portProtocol as protocolOf } from '../mesh/ports/port-protocol.ts';
import { isReservedPort as isReserved } from '../mesh/ports/ports.ts';
import { either, integer, listOf, optionsOf } from '../shared/accepted.ts';
import { type Accepted, assertArgument, isObject } from '../shared/option-table.ts';
import { portOptionTable } from './port-option-table.ts';

/** A Service, as `kubectl get -o json` or a client of Kubernetes gives it. What else it has is not looked at. */
export interface PortsOfService {
  readonly kind?: string | undefined;
  readonly spec?: { readonly ports?: readonly DescribedPort[] | undefined } | undefined;
}

const portList = listOf('a list of ports', optionsOf('an object with port', portOptionTable));
const service: Accepted = {
  accepts: 'a Service',
  faultOf: (value) => {
    if (!isObject(value) || !isObject(value.spec)) return { at: '', value, accepts: 'a Service' };
    const { kind = 'Service', spec } = value;
    if (kind !== 'Service') return { at: '.kind', value: kind, accepts: "'Service'" };
    const fault = spec.ports === undefined ? undefined : portList.faultOf(spec.ports);
    return fault && { ...fault, at: `.spec.ports${fault.at}` };
  },
};
const portsOrService = either('a list of ports or a Service', Array.isArray, portList, service);
const declarationFields = optionsOf(
  'an object with name, appProtocol, port or protocol',
  portOptionTable.map((row) => ({ ...row, required: false })),
);
const anyPort = integer(0, 65_535);

/**
 * What a mesh will make of these ports, or of those of a Service, that their owner may not expect; empty when nothing.
 *
 * @throws MeshOptionError for a field that is not accepted: see `portOptionTable`
 */
export function describePorts(ports: readonly DescribedPort[] | PortsOfService): PortFinding[] {
  assertArgument('describePorts', 'ports', portsOrService, ports);
  return describe('spec' in ports ? (ports.spec?.ports ?? []) : (ports as readonly DescribedPort[]));
}

/**
 * The protocol that Istio uses for a port, and why. The rules are those of Istio's `ConvertProtocol` (1.31): UDP by the
 * `protocol`; else `appProtocol`, else the name, each up to its first `-` and in any case; an unknown one is sniffed,
 * unless the port is well known. SCTP is not asked about there; the sidecar captures TCP only.
 *
 * @throws MeshOptionError for a field that is not accepted: see `portOptionTable`
 */
export function portProtocol(declaration: Partial<DescribedPort>): PortProtocol {
  assertArgument('portProtocol', 'declaration', declarationFields, declaration);
  return protocolOf(declaration);
}

/**
 * Whether the sidecar needs this port for itself, so that no app may listen on it.
 *
 * @throws MeshOptionError for what is not an integer from 0 to 65535
 */
export function isReservedPort(port: number): boolean {
  assertArgument('isReservedPort', 'port', anyPort, port);
  return isReserved(port);
}
