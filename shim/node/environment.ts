import { readFileSync } from 'node:fs';
import { variablesRead } from '../variables-read.ts';

// Each look at process.env searches the environment from its beginning: to read all of 20,000 variables there, or to list them
// with Object.keys, takes a second of CPU, and so does each child that is given process.env itself. To list the names does not.
const namesGiven = (): string[] => Reflect.ownKeys(process.env) as string[];

/** The variables that the shim reads. */
export function readEnvironment(): Map<string, string> {
  const env = new Map<string, string>();
  for (const name of namesGiven()) {
    if (!variablesRead.some((begin) => `${name}=`.startsWith(begin))) continue;
    const value = process.env[name];
    if (value !== undefined) env.set(name, value);
  }
  return env;
}

/** From here on it is worth a file. */
const many = 1_000;

/** The whole, for the app. */
export function wholeEnvironment(): NodeJS.ProcessEnv {
  const names = namesGiven();
  if (names.length < many) return process.env;
  const given = new Map<string, string>();
  for (const entry of readGiven().split('\0')) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals);
    if (equals > 0 && !given.has(name)) given.set(name, entry.slice(equals + 1));
  }
  // Somebody has changed it in this process, or it cannot be read.
  const isSame = given.size === names.length && names.every((name) => given.has(name));
  return isSame ? Object.fromEntries(given) : process.env;
}

/** As it was when the process began; empty where that cannot be read. */
function readGiven(): string {
  try {
    return readFileSync('/proc/self/environ', 'utf8');
  } catch {
    return '';
  }
}
