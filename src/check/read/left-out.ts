/** A document or a file that could not be read, and should be. All others are checked all the same. */
export interface UnreadDocument {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A document that is left out: it is no manifest, or none yet. */
export interface SkippedDocument {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export const noObject = 'no Kubernetes object: not both kind and apiVersion in it';
export const noText = 'no text: it has bytes that stand in none';
export const noFile = 'a pipe, a socket or a device: not opened';

/** Whether it would have been a manifest: a template, as a rule. */
export function isNearManifest({ reason }: SkippedDocument): boolean {
  return ![noObject, noText, noFile].includes(reason);
}

/** Whether somebody meant a text as a manifest that is broken now: then it is the user's to mend. */
export function looksLikeManifest(text: string): boolean {
  return nestedVersion.test(text) || ownKind.test(text);
}

const nestedVersion = /(?:^|[{,])[ \t]*(?:- )?["']?apiVersion["']?[ \t]*:/m;
/** Many data files have a `kind` somewhere inside. */
const ownKind = /^(?:[ \t]*\{\s*)?["']?kind["']?[ \t]*:/m;
