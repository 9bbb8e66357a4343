import { isDict } from '../read/values.ts';

type Check = readonly [words: string, isRight: (value: unknown) => boolean];

/** What a plain field of a protobuf message takes as JSON, as Istio reads it: github.com/golang/protobuf/jsonpb 1.5. */
export const fieldTypes: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['string', ['a text', isText]],
  ['bool', ['true or false', (value) => typeof value === 'boolean']],
  ['int32', ['a whole number', integerWithin(-(2 ** 31), 2 ** 31)]],
  ['uint32', ['a whole number, 0 or more', integerWithin(0, 2 ** 32)]],
  ['int64', ['a whole number', integerWithin(-(2 ** 63), 2 ** 63)]],
  ['uint64', ['a whole number, 0 or more', integerWithin(0, 2 ** 64)]],
  ['float', ['a number', isNumber]],
  ['double', ['a number', isNumber]],
  ['duration', ['a duration such as "5s"', isDuration]],
  ['struct', ['a map of settings', isDict]],
]);

/** One of the words of an enumeration; its numbers are taken unseen. */
export function enumeration(words: readonly string[]): Check {
  return [words.join(', '), (value) => (isText(value) ? words.includes(value) : Number.isInteger(value))];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A quoted number is one as well, for protobuf. */
function integerWithin(from: number, below: number): (value: unknown) => boolean {
  return (value) => {
    const number = isText(value) && /^-?(0|[1-9]\d*)$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= from && number < below;
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (isText(value) && /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(value));
}

/** As Go's time.ParseDuration takes it. */
function isDuration(value: unknown): boolean {
  return isText(value) && /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|ms|s|m|h))+)$/.test(value);
}
