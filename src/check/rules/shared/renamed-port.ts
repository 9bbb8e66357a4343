import { protocolOfPrefix } from '../../../mesh/ports/port-protocol.ts';
import type { Note } from '../../fix/fix.ts';

/** A name for a port that says another protocol, with the rest of what it was: `http-web` becomes `https-web`. */
export function renamedPort(name: string, protocol: string): string {
  const [, ...rest] = name.split('-');
  const kept = protocolOfPrefix(name) === undefined ? [name] : rest;
  return [protocol, ...kept].join('-');
}

export function renameNote(name: string): Note {
  return {
    text: `What names the port "${name}" and is not among these files must follow: an Ingress, a ServiceMonitor.`,
  };
}
