import type { Directive } from './parse-nginx.ts';

/** How often a value is looked up in a value, and how many there may be of one word. */
const deepest = 5;
const mostValues = 50;

/** All directives of a configuration, those in blocks as well. */
export function* allDirectives(directives: readonly Directive[]): Iterable<Directive> {
  for (const directive of directives) {
    yield directive;
    if (directive.block !== undefined) yield* allDirectives(directive.block);
  }
}

/** What variables can be, as far as `set` and `map` say it. */
export function readVariables(directives: readonly Directive[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  const add = (variable: string, value: string) => values.set(variable, [...(values.get(variable) ?? []), value]);
  for (const { name, words, block } of allDirectives(directives)) {
    const [first, second] = words.map(({ text }) => text);
    if (name === 'set' && first !== undefined && second !== undefined) add(first, second);
    if (name !== 'map' || second === undefined || block === undefined) continue;
    for (const entry of block) {
      const [value] = entry.words;
      if (value !== undefined && !['hostnames', 'include', 'volatile'].includes(entry.name)) add(second, value.text);
    }
  }
  return values;
}

/** What a word can be, with the variables whose values are known; the others stay in it. */
export function expand(word: string, variables: ReadonlyMap<string, readonly string[]>, depth = 0): readonly string[] {
  const variable = /\$(\w+)|\$\{(\w+)\}/.exec(word);
  if (variable === null || depth > deepest) return [word];
  const known = variables.get(`$${variable[1] ?? variable[2]}`);
  const before = word.slice(0, variable.index);
  const rest = word.slice(variable.index + variable[0].length);
  const own = known === undefined ? [variable[0]] : known.flatMap((value) => expand(value, variables, depth + 1));
  const ends = expand(rest, variables, depth + 1);
  return own.flatMap((value) => ends.map((end) => before + value + end)).slice(0, mostValues);
}

/** The addresses of the servers of each upstream. */
export function readUpstreams(directives: readonly Directive[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, words, block } of allDirectives(directives)) {
    const [upstream] = words;
    if (name !== 'upstream' || upstream === undefined) continue;
    const servers = (block ?? []).filter((directive) => directive.name === 'server');
    found.set(
      upstream.text,
      servers.flatMap((server) => server.words[0]?.text ?? []),
    );
  }
  return found;
}

/** Whether an address is in the pod itself, so that no sidecar sees what goes there. */
export function isLocal(address: string): boolean {
  return /^(unix:|localhost(:|$)|127\.|\[::1\])/i.test(address);
}
