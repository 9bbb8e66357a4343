import type { FindingFix, FindingObject } from '../fix/finding-fix.ts';
import type { InputName } from '../model/inputs.ts';
import type { Severity } from '../rules/shared/rule.ts';

/** An input that a finding rests on. */
export interface InputUse {
  readonly input: InputName;
  readonly value: string;
  /** Whether the caller gave it; else it is assumed, unless `by` is there. */
  readonly given: boolean;
  /** The object that tells it: `ConfigMap istio`. */
  readonly by?: string;
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
  /** Of an object that is in several worlds: those where this is so. Left out where it is so in all of them. */
  readonly worlds?: readonly string[];
  /** The key's way in its object, `spec.ports[0].name`. */
  readonly path: string;
  /** What it is recognised by in another run, whatever moves in the files: rule, object and path, in words. */
  readonly fingerprint: string;
  readonly restsOn: readonly InputUse[];
  /** What cures it, where anything does; `applyFixes` writes it into the sources. */
  readonly fix?: FindingFix;
  /** Why the fix of the rule is not offered here, and what somebody should do instead. */
  readonly byHand?: string;
  /** The rule's page, from the root of mesh-shim's documentation. */
  readonly docs: string;
}

export function docsPage(rule: string): string {
  return `docs/rules/${rule}.md`;
}
