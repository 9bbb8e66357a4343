import type { Endpoint } from '../../mesh/ask/endpoint.ts';
import { ToolError } from '../tool.ts';
import { postToAdmin } from './envoy-admin.ts';

/** The level of each logger of an Envoy, by name. */
export type Levels = ReadonlyMap<string, string>;

/** @throws ToolError when the admin is not there, or is not Envoy's */
export async function readLevels(admin: Endpoint): Promise<Levels> {
  const levels = parseLevels(await postToAdmin(admin, '/logging'));
  if (levels.size > 0) return levels;
  throw new ToolError(`${admin.text} is not the admin of an Envoy: it lists no loggers`);
}

/** Reads the list that Envoy answers: a heading, then `  name: level` on a line each. */
export function parseLevels(body: string): Levels {
  return new Map([...body.matchAll(/^ +(\S+): (\w+)$/gm)].map(([, name = '', level = '']) => [name, level]));
}

/** Sets one logger, or all of them. */
export async function setLevel(admin: Endpoint, name: string | undefined, level: string): Promise<void> {
  await postToAdmin(admin, `/logging?${name ?? 'level'}=${level}`);
}

/** Sets these loggers back: the level that most of them have at once for all, then the others one by one. */
export async function restoreLevels(admin: Endpoint, before: Levels): Promise<void> {
  const most = before.size > 1 ? mostFrequent(before.values()) : undefined;
  if (most !== undefined) await setLevel(admin, undefined, most);
  for (const [name, level] of before) if (level !== most) await setLevel(admin, name, level);
}

function mostFrequent(levels: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
