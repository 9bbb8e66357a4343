import { type Document, isCollection, isScalar, type Node, visit } from 'yaml';
import { deepestLevel, tooDeep } from './depth.ts';

/** What the parser here takes and Kubernetes' does not. `offset`: in the text of the tree. */
export interface Refusal {
  readonly offset: number;
  readonly why: string;
}

/** Why Kubernetes would not read a document; undefined if it would. */
export function refusedByKubernetes(text: string, tree: Document.Parsed): Refusal | undefined {
  const control = forbidden.exec(text);
  if (control !== null) return { offset: control.index, why: 'a control character is not allowed in YAML' };
  const directive = unknownDirective.exec(text);
  if (directive !== null)
    return { offset: directive.index, why: 'Kubernetes reads YAML 1.1 and knows no other directive' };
  let refusal: Refusal | undefined;
  const anchors = new Map<string, Node>();
  const refuse = (node: Node, why: string) => {
    refusal = { offset: node.range?.[0] ?? 0, why };
    return visit.BREAK;
  };
  visit(tree, {
    Pair(_, { key }) {
      if (isCollection(key)) return refuse(key, 'a map or a list cannot be a key');
      if (isScalar(key) && key.value === null) return refuse(key, 'a key cannot be null');
      if (isScalar(key) && /^\/[/*]/.test(String(key.value))) return refuse(key, 'JSON takes no comments');
      return undefined;
    },
    Scalar(_, node) {
      const { value } = node;
      if (typeof value === 'number' && !Number.isFinite(value)) return refuse(node, 'a number must be finite');
      return undefined;
    },
    Collection(_, node, path) {
      if (path.length > 2 * deepestLevel) return refuse(node, tooDeep);
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return undefined;
    },
    Alias(_, node, path) {
      const target = anchors.get(node.source);
      return target !== undefined && path.includes(target)
        ? refuse(node, `the anchor ${node.source} holds itself`)
        : undefined;
    },
  });
  return refusal;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]/;
/** A directive stands at the beginning, before its `---`. */
const unknownDirective = /^(?:(?:#.*)?\r?\n|%(?:TAG|YAML\s+1\.1)\s.*\n)*%(?!(?:TAG|YAML\s+1\.1)\s)/;
