import { type Endpoint, EndpointError, parseAdminUrl, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { meshProfiles } from '../mesh/wait/profiles.ts';
import { type MeshSelection, parseMeshSelection } from '../mesh/wait/sidecar-gates.ts';
import { parseTarget, type WaitTarget } from '../mesh/wait/target.ts';
import { parseDuration } from '../text/durations.ts';

/** Reads the text of an option; throws InvalidValue with what would do. */
export type Parser<T> = (text: string) => T;

/** The value of an option is none; the message says what is expected. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

export const oneOf =
  <const T extends string>(...choices: readonly T[]): Parser<T> =>
  (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InvalidValue(`expected ${choices.join(', ')}`);
    return choice;
  };

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

const address =
  (read: (text: string) => Endpoint): Parser<Endpoint> =>
  (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof EndpointError ? new InvalidValue(error.message) : error;
    }
  };

export const httpUrl = address(parseHttpUrl);
export const adminUrl = address(parseAdminUrl);

export const meshes: Parser<MeshSelection> = (text) => {
  const selection = parseMeshSelection(text);
  if (!selection) {
    throw new InvalidValue(`expected auto, none, or names of ${Object.keys(meshProfiles).join(', ')} joined by commas`);
  }
  return selection;
};

/** What `target` takes, for people. */
export const targetForms =
  'http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, or postgres, mysql, redis, amqp, kafka or mongodb://HOST:PORT';

export const target: Parser<WaitTarget> = (text) => {
  try {
    return parseTarget(text);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    throw new InvalidValue(`${error.message}; expected ${targetForms}`);
  }
};
