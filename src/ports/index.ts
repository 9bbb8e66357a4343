import '../shared/supported-node.ts';

export type { DescribedPort, PortFinding, PortFindingCode } from '../mesh/ports/describe-ports.ts';
export type { PortDeclaration, PortProtocol } from '../mesh/ports/port-protocol.ts';
export { type ReservedPort, reservedPorts } from '../mesh/ports/ports.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export { portOptionTable } from './port-option-table.ts';
export { describePorts, isReservedPort, type PortsOfService, portProtocol } from './ports.ts';
