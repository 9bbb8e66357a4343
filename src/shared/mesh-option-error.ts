import { nearestName } from '../text/nearest-name.ts';

/** What is wrong with an option or an argument. */
export interface OptionFault {
  /** The option as it is reached, in JavaScript's own notation: `graceMs`, `hooks[0].run`. */
  readonly at: string;
  readonly value: unknown;
  /** What is accepted there; completes "must be". */
  readonly accepts: string;
  /** The name, where it is an unknown one. */
  readonly unknownName?: string | undefined;
  /** The names that are known there, of options or of values. */
  readonly known?: readonly string[] | undefined;
  /** What was given, in words, where the value alone does not say what is wrong, or must not be shown. */
  readonly got?: string | undefined;
  /** What to do, where the value tells it. */
  readonly advice?: string | undefined;
  /** For programs that go on with another value: `HEALTH_PORT_RESERVED`. */
  readonly reason?: string | undefined;
}

/**
 * An option or an argument is wrong: a mistake in the program or its configuration, found when a function is called with it.
 * Every function of this library throws it, or rejects with it, for every wrong option.
 */
export class MeshOptionError extends TypeError {
  override readonly name = 'MeshOptionError';
  readonly code = 'MESH_OPTION';
  /** The option or argument as it is reached: `graceMs`, `hooks[0].run`, `mesh`. */
  readonly option: string;
  /** What is accepted: `an integer from 0 to 65535`. */
  readonly accepts: string;
  /** The names that there are, where one is not known: of options, or of the values of an option that takes some names only. */
  readonly known: readonly string[] | undefined;
  /** `HEALTH_PORT_RESERVED`: the port is one of the sidecar's. `HEALTH_PORT_SHARED`: it is one of `appPorts`. Else undefined. */
  readonly reason: string | undefined;
  readonly #value: unknown;

  /** @param caller the function that was called */
  constructor(caller: string, fault: OptionFault, options?: ErrorOptions) {
    super(`${caller}: ${describe(fault)}`, options);
    this.option = fault.at;
    this.accepts = fault.accepts;
    this.known = fault.known;
    this.reason = fault.reason;
    this.#value = fault.value;
  }

  /** What was given. Loggers do not print it, as they print fields: it may be large, or hold a password. */
  get value(): unknown {
    return this.#value;
  }
}

function describe({
  at,
  value,
  accepts,
  unknownName,
  known = [],
  got = shown(value),
  advice = '',
}: OptionFault): string {
  const written = unknownName ?? (typeof value === 'string' ? value : '');
  const nearest = known.length === 0 ? undefined : nearestName(written, known);
  const suggestion = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  if (unknownName === undefined) return `${at} must be ${accepts}, got ${got}${suggestion}${advice && `; ${advice}`}`;
  const all = `${suggestion === '' ? '; the' : `${suggestion} The`} options are ${known.join(', ')}`;
  return `there is no option "${at}"${all}`;
}

/** A long text is cut: the message is one line. */
const longestText = 80;

function shown(value: unknown): string {
  if (typeof value === 'string') return `the string ${clipped(JSON.stringify(value))}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `the bigint ${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value)) return 'an object';
  const items = value.map((item) => (typeof item === 'string' ? JSON.stringify(item) : shown(item)));
  return `the list ${clipped(`[${items.join(', ')}]`)}`;
}

function clipped(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 3)}...` : text;
}
