import { type DescribedPort, describePorts as describe, type PortFinding } from '../mesh/ports/describe-ports.ts';
import { type PortDeclaration, type PortProtocol, portProtocol as protocolOf } from '../mesh/ports/port-protocol.ts';
import { isReservedPort as isReserved } from '../mesh/ports/ports.ts';
import { integer, listOf, optionsOf } from '../shared/accepted.ts';
import { assertArgument } from '../shared/option-table.ts';
import { portOptionTable } from './port-option-table.ts';

const describedPorts = listOf('a list of ports', optionsOf('an object with port', portOptionTable));
const declarationFields = optionsOf(
  'an object with name, appProtocol, port or transport',
  portOptionTable.map((row) => ({ ...row, required: false })),
);
const anyPort = integer(0, 65_535);

/**
 * What a mesh will make of these ports that their owner may not expect; empty when nothing.
 *
 * @throws MeshOptionError for a field that is not accepted: see `portOptionTable`
 */
export function describePorts(ports: readonly DescribedPort[]): PortFinding[] {
  assertArgument('describePorts', 'ports', describedPorts, ports);
  return describe(ports);
}

/**
 * The protocol that Istio uses for a port, and why. The rules are those of Istio's `ConvertProtocol` (1.31): UDP by the
 * transport; else `appProtocol`, else the name, each up to its first `-` and in any case; an unknown one is sniffed,
 * unless the port is well known. SCTP is not asked about there; the sidecar captures TCP only.
 *
 * @throws MeshOptionError for a field that is not accepted: see `portOptionTable`
 */
export function portProtocol(declaration: PortDeclaration): PortProtocol {
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
