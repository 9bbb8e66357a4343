import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, list, type Path, text } from '../read/values.ts';
import { covers, coversTls, isCatchAll } from './shared/route-matches.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const vsRouteShadowed: Rule = {
  id: 'vs-route-shadowed',
  severity: 'warning',
  title: 'A route of a VirtualService that no call reaches',
  why: 'Routes are tried in their order, and the first that matches takes the call: what stands behind one that takes it all is never used.',
  fix: 'The special routes first, the general one last.',
  docs: [
    'A route is covered by an earlier one with no match, with `prefix: /`, with the same match, or with a prefix of its own that asks for nothing else. Regular expressions are compared as text. Of TLS routes those with the same `sniHosts` and `destinationSubnets`.',
    'A single match of several that is covered is info: the route is reached by the others.',
  ],
  *check(cluster) {
    for (const object of cluster.ofKind('VirtualService')) {
      yield* shadowed(object, 'http');
      yield* shadowed(object, 'tcp');
      yield* shadowed(object, 'tls');
    }
  },
};

interface Earlier {
  readonly match: Dict;
  readonly rule: string;
}

function* shadowed(object: KubeObject, protocol: 'http' | 'tcp' | 'tls'): Generator<Problem> {
  const earlier: Earlier[] = [];
  for (const [index, item] of list(dict(object.data.spec)[protocol]).entries()) {
    const rule = dict(item);
    const path: Path = ['spec', protocol, index];
    const matches = list(rule.match).map(dict);
    // Without a match, all calls match.
    const all = matches.length === 0 ? [{}] : matches;
    const takes = protocol === 'tls' ? coversTls : covers;
    const by = all.map((match) => earlier.find((one) => takes(one.match, match)));
    const [first] = by;
    if (by.every((one) => one !== undefined) && first !== undefined) {
      const reason = isCatchAll(first.match) ? 'takes all calls' : 'takes its calls';
      yield { object, path, message: `No call reaches this route: ${first.rule} stands before it and ${reason}.` };
    } else {
      for (const [at, one] of by.entries()) {
        if (one === undefined) continue;
        yield {
          object,
          path: [...path, 'match', at],
          message: `No call comes by this match: ${one.rule} stands before it and takes them.`,
          severity: 'info',
        };
      }
    }
    // What a delegate takes is written elsewhere.
    if (rule.delegate !== undefined) continue;
    const name = text(rule.name) ?? `${protocol}[${index}]`;
    earlier.push(...all.map((match) => ({ match, rule: name })));
  }
}
