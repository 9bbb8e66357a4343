import { protocolOfPrefix } from '../../../mesh/ports/port-protocol.ts';
import { type Fix, set } from '../../fix/fix.ts';
import type { Service, ServicePort } from '../../model/cluster.ts';
import { renamedPort, renameNote } from './renamed-port.ts';

/** Declares what a port of a Service speaks: by its name where that says something, else by appProtocol, which wins. */
export function declarePort({ object }: Service, port: ServicePort, protocol: string): Fix {
  const { name = '', path, appProtocol } = port;
  const named = protocolOfPrefix(name);
  const contradicts = named !== undefined && named !== protocol;
  const byName = contradicts && appProtocol === undefined;
  return {
    title: `declare it ${protocol}`,
    certain: false,
    changes: [
      ...(byName ? [] : [set(object, [...path, 'appProtocol'], protocol)]),
      ...(contradicts ? [set(object, [...path, 'name'], renamedPort(name, protocol))] : []),
    ],
    ...(contradicts ? { notes: [renameNote(name)] } : {}),
  };
}
