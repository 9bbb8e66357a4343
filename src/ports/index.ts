import '../shared/supported-node.ts';

export {
  type DescribedPort,
  describePorts,
  type PortFinding,
  type PortFindingCode,
} from '../mesh/ports/describe-ports.ts';
export { type PortDeclaration, type PortProtocol, portProtocol } from '../mesh/ports/port-protocol.ts';
export { isReservedPort, type ReservedPort, reservedPorts } from '../mesh/ports/ports.ts';
