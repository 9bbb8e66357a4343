import type { Note } from '../../fix/fix.ts';
import { shellWord } from '../../fix/shell-word.ts';
import type { KubeObject } from '../../read/manifest.ts';

const restartable: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** How pods come to read a file again that they read when they start. */
export function restartNote({ kind, group, namespace, name }: KubeObject): Note {
  if (group !== 'apps' || !restartable.includes(kind)) return { text: `Then create the pods of ${kind} ${name} anew.` };
  return {
    text: 'nginx reads it when it starts:',
    command: `kubectl rollout restart ${kind.toLowerCase()} ${shellWord(name)} -n ${shellWord(namespace)}`,
  };
}
