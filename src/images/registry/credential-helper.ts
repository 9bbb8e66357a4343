import { spawn } from 'node:child_process';
import type { ImageAccess } from '../image-config.ts';
import { ImageError } from '../image-error.ts';
import { isObject } from '../manifest.ts';
import type { Credentials } from './credentials.ts';

/** A helper may ask the user to unlock something. */
const timeLimitMs = 60_000;
const longestAnswer = 256 * 1024;
/** What the helpers of Docker answer where they have nothing (docker-credential-helpers 0.9, credentials/error.go). */
const notFound = 'credentials not found in native keychain';
/** The user name that says that the secret is an identity token (docker/cli 28, native_store.go). */
const tokenUser = '<token>';

/**
 * Asks `docker-credential-NAME` for the credentials of a server; undefined where it has none.
 *
 * @throws ImageError (IMAGE_CREDENTIALS)
 */
export async function askHelper(
  name: string,
  server: string,
  env: ImageAccess['env'],
  reference: string,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const refused = (what: string) => new ImageError('IMAGE_CREDENTIALS', reference, `${program} ${what}`);
  // It comes from a file and becomes the name of a program.
  if (!/^[\w.-]+$/.test(name)) throw refused('is no name of a program on the PATH');
  const { code, stdout } = await run(program, server, env, refused);
  const said = stdout.trim();
  if (code !== 0) {
    if (said.includes(notFound)) return undefined;
    // What it says beyond its first line, or as JSON, may hold a secret.
    const [line = ''] = said.startsWith('{') ? [] : said.split('\n');
    throw refused(`failed with ${code}${line === '' ? '' : `: ${line.slice(0, 200)}`}`);
  }
  const { Username: user, Secret: secret } = parsed(said);
  if (typeof user !== 'string' || typeof secret !== 'string') throw refused('answered no credentials');
  if (secret === '') return undefined;
  return user === tokenUser
    ? { kind: 'identity', token: secret, from: program }
    : { kind: 'password', user, password: secret, from: program };
}

function parsed(text: string): { readonly [name: string]: unknown } {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

interface Answer {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
}

function run(
  program: string,
  server: string,
  env: ImageAccess['env'],
  refused: (what: string) => ImageError,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { env: { ...env }, stdio: ['pipe', 'pipe', 'ignore'], timeout: timeLimitMs });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.length > longestAnswer) child.kill();
    });
    // It may end without reading.
    child.stdin.on('error', () => {});
    child.stdin.end(server);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(refused(missing ? 'is not on the PATH' : `cannot be started (${error.code})`));
    });
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout }));
  });
}
