import type { Fix } from '../fix/fix.ts';
import type { InputName } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Severity } from '../rules/shared/rule.ts';

/** An input that a finding rests on. */
export interface InputUse {
  readonly input: InputName;
  readonly value: string;
  /** Whether the caller gave it; else it is assumed. */
  readonly given: boolean;
}

/** The identity of a Kubernetes object. */
export interface FindingObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One thing that will go wrong, at one key of one object. */
export interface Finding {
  /** The id of the rule that found it. */
  readonly rule: string;
  readonly severity: Severity;
  /** What happens at run time. */
  readonly message: string;
  /** Left out where the finding is about a comment in the file, not about an object. */
  readonly object?: FindingObject;
  readonly file: string;
  /** 1-based, of the key. */
  readonly line: number;
  /** 1-based, of the key. */
  readonly column: number;
  /** The key's way in its object, `spec.ports[0].name`. */
  readonly path: string;
  readonly restsOn: readonly InputUse[];
  /** What cures it: `applyFixes` writes it into the sources, `describeFix` says it for a cluster. */
  readonly fix?: Fix;
  /** The rule's page, from the root of mesh-shim's documentation. */
  readonly docs: string;
}

export function identify({ apiVersion, kind, namespace, name }: KubeObject): FindingObject {
  return { apiVersion, kind, namespace, name };
}

export function docsPage(rule: string): string {
  return `docs/rules/${rule}.md`;
}
