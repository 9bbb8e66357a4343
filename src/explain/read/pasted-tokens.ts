import { describeResponseFlag, responseFlags } from '../../mesh/replies/response-flags.ts';
import { causeOfDetails } from '../decide/details-table.ts';
import { type AccessLine, emptyLine } from './access-line.ts';

/** Keys that people copy with their values, by the field they name. */
const keys: Readonly<Record<string, keyof AccessLine>> = {
  response_flags: 'flags',
  response_flag: 'flags',
  flags: 'flags',
  flag: 'flags',
  response_code: 'status',
  status: 'status',
  code: 'status',
  http: 'status',
  response_code_details: 'details',
  details: 'details',
  upstream_transport_failure_reason: 'transport',
  upstream_cluster: 'cluster',
  cluster: 'cluster',
  route_name: 'route',
};

/** What is longer is a text. */
const longestPaste = 1_000;

const byLongName = new Map(responseFlags.map(({ flag, longName }) => [longName.toLowerCase(), flag]));

/**
 * Reads single words of a log in any order: a status, flags (short or long), details, clusters, with `NAME=` or without.
 * Undefined as soon as a word is none of these: then it is a sentence.
 */
export function readTokens(text: string): AccessLine | undefined {
  if (text.length > longestPaste) return undefined;
  const words = text
    .replaceAll(/["'`\u201c\u201d]/g, '')
    .trim()
    .replaceAll(/(\w)\s*[:=]\s+/g, '$1=')
    .replace(/^(\d{3})\|(?=[A-Z])/, '$1 ')
    .split(/[\s;]+(?![^{[(]*[}\])])/)
    .map((word) => word.replace(/^[({]+(?=\w+=)|[,.;]+$/g, ''))
    .filter((word) => word !== '' && word !== '-');
  // More words than fields is a sentence.
  if (words.length === 0 || words.length > 8) return undefined;
  let line = emptyLine;
  for (const word of words) {
    const read = readWord(word, line);
    if (read === undefined) return undefined;
    line = { ...line, ...read };
  }
  return line;
}

function readWord(word: string, line: AccessLine): Partial<AccessLine> | undefined {
  const [, key = '', rest = ''] = /^([a-z_]+)[:=](.+)$/i.exec(word) ?? [];
  const field = Object.hasOwn(keys, key.toLowerCase()) ? keys[key.toLowerCase()] : undefined;
  const value = field === undefined ? word : rest;
  if (field === 'transport' || field === 'cluster' || field === 'route' || field === 'details')
    return { [field]: value };
  if (/^(?:0|[1-5]\d\d)$/.test(value))
    return field === undefined || field === 'status' ? { status: Number(value) } : undefined;
  if (/^HTTP\/[\d.]+$/i.test(value)) return { protocol: value };
  const flags = readFlags(value, field === 'flags');
  if (flags !== undefined) return { flags: [...line.flags, ...flags] };
  if (/^(?:inbound|outbound)[|_]/.test(value) || /^(?:BlackHole|(?:Inbound)?Passthrough)Cluster/.test(value))
    return { cluster: value };
  if (value === 'block_all') return { route: value };
  return isDetails(value) ? { details: value } : undefined;
}

const flagNames = responseFlags.map(({ flag }) => flag).join('|');
const flagsPattern = `(?:${flagNames})(?:,(?:${flagNames}))*`;
/** `503 UC` and `flag UC`: alone, some flags are words as well. */
const inSentence = new RegExp(`\\b([1-5]\\d\\d)[\\s:,|(-]+(${flagsPattern})\\b|\\b[Ff]lags?\\W+(${flagsPattern})\\b`);

/** Details, or flags behind a status, in a sentence of somebody's; undefined where there are none. */
export function findTokens(text: string): AccessLine | undefined {
  const words = text.slice(0, longestPaste).match(/[a-z0-9_.]*_[a-z0-9_.]+(?:[{[(]\S*[}\])])?/g) ?? [];
  const details = words.find(isDetails);
  const [, status, flags, named] = inSentence.exec(text.slice(0, longestPaste)) ?? [];
  const found = flags ?? named;
  if (details === undefined && found === undefined) return undefined;
  return {
    ...emptyLine,
    status: status === undefined ? undefined : Number(status),
    flags: found?.split(',') ?? [],
    details,
  };
}

function isDetails(value: string): boolean {
  if (value === 'via_upstream' || value === 'direct_response') return true;
  if (/^(?:upstream_reset_(?:before|after)_response_started|filter_chain_not_found)/.test(value)) return true;
  return (
    /^[a-z][a-z0-9_.]*(?:[{[(].*)?$/.test(value) && /[_.]|^overload$/.test(value) && causeOfDetails(value) !== undefined
  );
}

function readFlags(value: string, named: boolean): readonly string[] | undefined {
  const flags = value.split(',').map((part) => {
    const flag = byLongName.get(part.toLowerCase()) ?? part.toUpperCase();
    return describeResponseFlag(flag).causes.length > 0 ? flag : named && /^[A-Z]{2,6}$/.test(part) ? part : undefined;
  });
  return flags.every((flag) => flag !== undefined) ? flags : undefined;
}
