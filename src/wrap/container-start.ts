import { type Dict, list } from '../check/read/values.ts';
import type { ImageConfig } from '../images/image-config.ts';

/** What a container runs: the program's words, and its arguments. */
export interface ContainerStart {
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Whether the manifest says it; else the image does. */
  readonly ofManifest: { readonly command: boolean; readonly args: boolean };
}

export function setsCommand(container: Dict): boolean {
  return list(container.command).length > 0;
}

/**
 * What the kubelet starts, by Kubernetes' rules: `command` takes the place of ENTRYPOINT and of CMD, `args` that of CMD
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/). Words that come from the
 * image are escaped: the kubelet replaces `$(NAME)` in `command` and `args`, but not in what the image says.
 */
export function containerStart(container: Dict, image: ImageConfig | undefined): ContainerStart {
  const command = list(container.command).map(String);
  const args = list(container.args).map(String);
  if (command.length > 0) {
    return { command, args, ofManifest: { command: true, args: args.length > 0 } };
  }
  const entrypoint = (image?.entrypoint ?? []).map(escapeReferences);
  if (args.length > 0) return { command: entrypoint, args, ofManifest: { command: false, args: true } };
  const cmd = (image?.cmd ?? []).map(escapeReferences);
  return { command: entrypoint, args: cmd, ofManifest: { command: false, args: false } };
}

/** The text that the kubelet makes this word of: `$$` stands for `$`, and `$(NAME)` for a variable. */
export function escapeReferences(word: string): string {
  return word.replace(/\$+(?=(\()?)/g, (dollars, parenthesis: string | undefined) =>
    dollars.length > 1 || parenthesis !== undefined ? dollars + dollars : dollars,
  );
}
