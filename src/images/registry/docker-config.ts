import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ImageAccess } from '../image-config.ts';
import { ImageError } from '../image-error.ts';
import { isObject, type Json } from '../manifest.ts';
import { askHelper } from './credential-helper.ts';
import type { Credentials } from './credentials.ts';

/** Under which key Docker keeps the credentials for its own registry, since before registries had names. */
const defaultRegistryKey = 'https://index.docker.io/v1/';

/**
 * The credentials for a registry, from Docker's config.json or the helper that it names; undefined where there are none.
 *
 * @throws ImageError (IMAGE_CREDENTIALS) for a file that cannot be read, or a helper that fails
 */
export async function findCredentials(
  host: string,
  env: ImageAccess['env'],
  reference: string,
): Promise<Credentials | undefined> {
  const path = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');
  const config = readConfigFile(path, reference);
  if (config === undefined) return undefined;
  const key = host === 'docker.io' ? defaultRegistryKey : host;
  const helpers = isObject(config.credHelpers) ? config.credHelpers : {};
  const helper = helpers[host] ?? helpers[key] ?? config.credsStore;
  if (typeof helper === 'string' && helper !== '') {
    const found = await askHelper(helper, key, env, reference);
    if (found !== undefined) return found;
  }
  return storedCredentials(config, host, key, path, reference);
}

function readConfigFile(path: string, reference: string): Json | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ImageError('IMAGE_CREDENTIALS', reference, `${path} cannot be read (${code})`);
  }
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json)) return json;
  } catch {
    // The parser's message would show a part of the file, which holds passwords.
  }
  throw new ImageError('IMAGE_CREDENTIALS', reference, `${path} is no JSON object`);
}

function storedCredentials(
  { auths }: Json,
  host: string,
  key: string,
  path: string,
  reference: string,
): Credentials | undefined {
  const entries = Object.entries(isObject(auths) ? auths : {});
  // A key may be a URL of old, with a path: the host in it counts.
  const [, entry] =
    entries.find(([name]) => name === key || name === host) ?? entries.find(([name]) => hostIn(name) === host) ?? [];
  if (!isObject(entry)) return undefined;
  const { identitytoken, registrytoken, auth, username, password } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { kind: 'identity', token: identitytoken, from: path };
  }
  if (typeof registrytoken === 'string' && registrytoken !== '') {
    return { kind: 'bearer', token: registrytoken, from: path };
  }
  if (typeof auth === 'string' && auth !== '') {
    const pair = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = pair.indexOf(':');
    if (colon > 0) return { kind: 'password', user: pair.slice(0, colon), password: pair.slice(colon + 1), from: path };
    throw new ImageError(
      'IMAGE_CREDENTIALS',
      reference,
      `the "auth" of ${host} in ${path} is not USER:PASSWORD in Base64`,
    );
  }
  if (typeof username === 'string' && username !== '' && typeof password === 'string') {
    return { kind: 'password', user: username, password, from: path };
  }
  return undefined;
}

function hostIn(key: string): string {
  const [host = ''] = key.replace(/^https?:\/\//, '').split('/');
  return host === 'index.docker.io' ? 'docker.io' : host;
}
