import { dict, list, text, texts } from '../read/values.ts';

export type Labels = Readonly<Record<string, string>>;

/** Whether labels have all that a plain map of labels asks for. */
export function matches(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/** Whether no labels have all that both ask for. */
export function contradict(one: Labels, other: Labels): boolean {
  return Object.entries(one).some(([key, value]) => other[key] !== undefined && other[key] !== value);
}

/** Whether a LabelSelector with matchLabels and matchExpressions takes these labels; an empty one takes all. */
export function selectorMatches(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = dict(selector);
  if (!matches(texts(matchLabels), labels)) return false;
  return list(matchExpressions).every((item) => {
    const { key, operator, values } = dict(item);
    const value = labels[text(key) ?? ''];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const listed = value !== undefined && list(values).includes(value);
    return operator === 'NotIn' ? !listed : listed;
  });
}
