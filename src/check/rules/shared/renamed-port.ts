import type { Note } from '../../fix/fix.ts';

/** The name of a port that says a protocol, with another one in its place: `http-web` becomes `https-web`. */
export function renamedPort(name: string, protocol: string): string {
  const [, ...rest] = name.split('-');
  return [protocol, ...rest].join('-');
}

export function renameNote(name: string): Note {
  return {
    text: `What names the port "${name}" and is not among these files must follow: an Ingress, a ServiceMonitor.`,
  };
}
