import { isDict, list } from '../check/read/values.ts';

/** What `wrap` has changed of a container: what was there before. */
export interface ContainerRecord {
  /** How many words it has put before the command; null: there was no command; a list: that was the command. */
  readonly command?: number | null | readonly string[];
  /** Null: there were no arguments. */
  readonly args?: null | readonly string[];
  readonly startupProbe?: null;
  /** Null: there was no such entry; a text: that was its value. */
  readonly nodeOptions?: null | string;
  /** The variable MESH_SHIM_QUIT was added. */
  readonly quit?: null;
}

/** By the name of the container. */
export type WrapRecord = Readonly<Record<string, ContainerRecord>>;

/** The annotation's value. */
export function recordText(record: WrapRecord): string {
  return JSON.stringify(record);
}

/** Undefined for a text that `wrap` has not written. */
export function parseRecord(text: string): WrapRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isDict(value)) return undefined;
  return Object.values(value).every(isContainerRecord) ? (value as WrapRecord) : undefined;
}

function isContainerRecord(value: unknown): boolean {
  if (!isDict(value)) return false;
  const isWords = (words: unknown) => Array.isArray(words) && list(words).every((word) => typeof word === 'string');
  return Object.entries(value).every(([key, before]) => {
    switch (key) {
      case 'command':
        return before === null || (Number.isInteger(before) && (before as number) > 0) || isWords(before);
      case 'args':
        return before === null || isWords(before);
      case 'nodeOptions':
        return before === null || typeof before === 'string';
      case 'startupProbe':
      case 'quit':
        return before === null;
      default:
        return false;
    }
  });
}
