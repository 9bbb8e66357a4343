import { type Endpoint, EndpointError, parseAdminUrl, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { isMeshName, type MeshSelection, meshNames, parseMeshSelection } from '../mesh/profiles/profiles.ts';
import type { OwnedAddress } from '../mesh/wait/sidecar-addresses.ts';
import { parseTarget, type WaitTarget } from '../mesh/wait/target.ts';
import { parseDuration } from '../text/durations.ts';

/** Reads the text of an option; throws InvalidValue with what would do. */
export type Parser<T> = (text: string) => T;

/** The value of an option is none; the message says what is expected. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

export function oneOf<const T extends string>(
  ...choices: readonly T[]
): Parser<T> & { readonly choices: readonly T[] } {
  const parse = (text: string): T => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InvalidValue(`expected ${choices.join(', ')}`);
    return choice;
  };
  return Object.assign(parse, { choices });
}

export const duration: Parser<number> = (text) => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidValue('expected a duration with its unit, such as 500ms, 60s or 2m (0: none)');
  return ms;
};

export const positiveDuration: Parser<number> = (text) => {
  const ms = duration(text);
  if (ms < 1) throw new InvalidValue('expected at least 1ms');
  return ms;
};

export const toggle: Parser<boolean> = (text) => {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new InvalidValue('expected true or false');
};

export const filePath: Parser<string> = (text) => {
  if (text.trim() === '' || text.includes('\0')) throw new InvalidValue('expected the path of a file');
  return text;
};

/** What is wrong with an address that is named beside it. */
function faultWithout(text: string, { message }: EndpointError): string {
  return message.startsWith(`${text}: `) ? message.slice(text.length + 2) : message;
}

const address =
  (read: (text: string) => Endpoint): Parser<Endpoint> =>
  (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof EndpointError ? new InvalidValue(faultWithout(text, error)) : error;
    }
  };

/** `dapr=http://...`: a mesh before the first `=`, which in an address comes after a colon. */
const named =
  (parse: Parser<Endpoint>): Parser<OwnedAddress> =>
  (text) => {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(equals, 0)).trim();
    if (equals < 0 || name.includes(':')) return { mesh: undefined, endpoint: parse(text) };
    if (!isMeshName(name)) throw new InvalidValue(`"${name}" is no mesh; expected ${meshNames.join(', ')} before "="`);
    return { mesh: name, endpoint: parse(text.slice(equals + 1)) };
  };

export const httpUrl = named(address(parseHttpUrl));
export const adminUrl = named(address(parseAdminUrl));

/** `NAME: VALUE`, as it goes over the wire. What is wrong with it is said without it: it may be a secret. */
export const header: Parser<string> = (text) => {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  if (name === '' || !isPrintable(name) || name.includes(' ')) throw new InvalidValue('expected NAME: VALUE');
  if (!isPrintable(value)) throw new InvalidValue('expected a value on one line, of ASCII characters');
  return `${name}: ${value}`;
};

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return false;
  }
  return true;
}

export const meshes: Parser<MeshSelection> = (text) => {
  const selection = parseMeshSelection(text);
  if (!selection) {
    throw new InvalidValue(`expected auto, none, or names of ${meshNames.join(', ')} joined by commas`);
  }
  return selection;
};

/** What `target` takes, for people. */
const targetForms =
  'http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, file:PATH, grpc://HOST:PORT/SERVICE, or postgres, mysql, redis, amqp, kafka or mongodb://HOST:PORT';

export const target: Parser<WaitTarget> = (text) => {
  try {
    return parseTarget(text);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    throw new InvalidValue(`${faultWithout(text, error)}; expected ${targetForms}`);
  }
};
