import { nearestName } from '../../text/nearest-name.ts';

/** Words that are near by their letters, and mean another thing. */
const opposites: readonly (readonly string[])[] = [
  ['ingress', 'egress'],
  ['ingressgateway', 'egressgateway'],
  ['internal', 'external'],
  ['inbound', 'outbound'],
  ['input', 'output'],
  ['import', 'export'],
  ['primary', 'secondary'],
  ['reader', 'writer'],
];

/**
 * The name of an object, or the value of a label, that a misspelt one most likely means. Stricter than for names of fields:
 * objects are named after each other (`web-v1` and `web-v2`, `cart-api` and `cart-app`, `ingress` and `egress`).
 */
export function nearestResource(name: string, known: Iterable<string>): string | undefined {
  return nearestName(
    name,
    [...known].filter((other) => isSlip(name.toLowerCase(), other.toLowerCase())),
  );
}

function isSlip(one: string, other: string): boolean {
  if (one === other) return true;
  if (withoutNumbers(one) === withoutNumbers(other)) return false;
  const [words, otherWords] = [one.split(/[-._]/), other.split(/[-._]/)];
  if (words.length !== otherWords.length) return words.join('') === otherWords.join('');
  return words.every((word, index) => {
    const against = otherWords[index] ?? '';
    if (word === against) return true;
    if (opposites.some((group) => group.includes(word) && group.includes(against))) return false;
    // Of three letters, any other one makes another word.
    return Math.max(word.length, against.length) > 3 && nearestName(word, [against]) !== undefined;
  });
}

/** Names that differ in their numbers are those of different things. */
function withoutNumbers(name: string): string {
  return name.replaceAll(/[-.]?\d+/g, '');
}
