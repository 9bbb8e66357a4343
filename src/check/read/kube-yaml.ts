import {
  type Document,
  type DocumentOptions,
  type ParseOptions,
  parseAllDocuments,
  type ScalarTag,
  type SchemaOptions,
} from 'yaml';
import { type IndentedText, indentContinuations } from './continuations.ts';

/** What YAML 1.1 knows beside these is text or a map for Kubernetes: 1:30 is no number of base 60, 2001-12-14 no date. */
const knownTags: ReadonlySet<string> = new Set(['map', 'seq', 'str', 'null', 'bool', 'int', 'merge']);
const notFinite: ReadonlyMap<string, number> = new Map([
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
]);

/** Go's own way to write an octal number. */
const octal: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number(text.replace(/[-+_]/g, '')) * (text.startsWith('-') ? -1 : 1),
};

const float: ScalarTag = {
  identify: (value) => typeof value === 'number',
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/,
  resolve: (text) => notFinite.get(text) ?? Number(text.replaceAll('_', '')),
};

/**
 * As sigs.k8s.io/yaml 1.6 reads, which kubectl and the API server use: YAML 1.1, so that `yes` is true and 0777 is octal,
 * merge keys, and the last of two equal keys. Looking for equal keys would take a tenth of the time.
 */
const parseOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: (tags) => [
    octal,
    ...tags.filter((tag) => {
      if (typeof tag === 'string') return true;
      const isTime = 'format' in tag && tag.format === 'TIME';
      return knownTags.has(tag.tag.slice(tag.tag.lastIndexOf(':') + 1)) && !isTime;
    }),
    float,
  ],
};

/** The syntax tree of a document, and the text that its offsets count in. */
export interface ParsedText {
  readonly tree: Document.Parsed | undefined;
  readonly text: string;
  /** Given where lines had to be indented for the parser. */
  readonly indented?: IndentedText;
}

/** Parses the text of one document; the errors stand in the tree. @throws RangeError for one that is nested too deeply */
export function parseDocument(yaml: string): ParsedText {
  const tree = parse(yaml);
  if (tree === undefined || tree.errors.length === 0) return { tree, text: yaml };
  const indented = indentContinuations(yaml);
  const second = indented && parse(indented.text);
  return indented && second?.errors.length === 0
    ? { tree: second, text: indented.text, indented }
    : { tree, text: yaml };
}

/** The value of a YAML text inside of an object, such as an annotation's. @throws Error that says why it is not YAML */
export function parseValue(yaml: string): unknown {
  const { tree } = parseDocument(yaml);
  const error = tree?.errors[0];
  if (error !== undefined) throw new Error(error.message);
  return tree?.toJS({ maxAliasCount: 1000 });
}

/** Of the trees of a text the first that says something: a `%` directive may stand before, `...` and more text behind. */
function parse(yaml: string): Document.Parsed | undefined {
  const parsed = parseAllDocuments(yaml, parseOptions);
  if (!Array.isArray(parsed)) return undefined;
  return parsed.find(({ contents, errors }) => contents !== null || errors.length > 0) ?? parsed[0];
}
