import { list } from '../read/values.ts';
import type { Container } from './pod.ts';
import { type ServerOptions, serverOptionsOf } from './server-options.ts';

/** A port that a container listens on, as its command says. */
export interface Listen {
  readonly port: number;
  /** `localhost:8080`, or the host alone, as it is written; undefined: a default, or a variable. */
  readonly address: string | undefined;
  /** What stands there to listen on every address. */
  readonly everywhere: string;
  /** The words that say so. */
  readonly words: string;
  readonly container: Container;
}

/** An option of a command line, and its value behind `=` or in the next word. */
interface Option {
  readonly name: string;
  readonly value: string;
  readonly words: string;
}

const localHost = /^(127\.0\.0\.1|localhost|::1|\[::1\])$/i;
const localAddress = /^(?:[a-z]+:\/\/)?((?:127\.0\.0\.1|localhost|\[::1\]):(\d+))\/?$/i;
const listenOption = /^--?[\w.-]*(?:listen|bind)[\w.-]*$/i;

/**
 * The ports that a command binds to localhost, where an option says so: `--listen-address=127.0.0.1:8080`, `--bind localhost --port 80`, and
 * `--host` of servers that are known to mean themselves. Options such as `--upstream` and `--addr` name others as often, and are left alone.
 */
export function localListens(container: Container): Listen[] {
  return argumentsOf(container).flatMap(({ program, args, env }) => {
    const options = optionsOf(args);
    const server = serverOptionsOf(program, args);
    const found = [...options.flatMap(boundTogether), ...boundApart(options)].map((one) => ({ ...one, container }));
    const own = server && listenOf(server, options, env);
    return own === undefined ? found : [...found, { ...own, container }];
  });
}

function optionsOf(args: readonly string[]): Option[] {
  return args.flatMap((word, index) => {
    const [name = '', ...values] = word.split('=');
    if (!name.startsWith('-')) return [];
    const value = values.length === 0 ? (args[index + 1] ?? '') : values.join('=');
    return [{ name, value, words: values.length === 0 ? `${word} ${value}` : word }];
  });
}

/** Host and port in one value. */
function boundTogether({ name, value, words }: Option): Omit<Listen, 'container'>[] {
  if (!listenOption.test(name)) return [];
  const [, address, port] = localAddress.exec(value) ?? [];
  return address === undefined ? [] : [{ port: Number(port), address, everywhere: `0.0.0.0:${port}`, words }];
}

/** Host and port in two options with the same beginning: `--metrics-bind-address` does not belong to `--port`. */
function boundApart(options: readonly Option[]): Omit<Listen, 'container'>[] {
  return options.flatMap((host) => {
    const about = /^(--?[\w.-]*?)[-_.]?(?:bind|listen)[-_.]?(?:addr(?:ess)?|host|ip)?$/i.exec(host.name)?.[1];
    if (about === undefined || !localHost.test(host.value)) return [];
    const port = options.find(
      ({ name }) => /^(--?[\w.-]*?)[-_.]?(?:bind|listen)?[-_.]?port$/i.exec(name)?.[1] === about,
    );
    return port !== undefined && /^\d+$/.test(port.value) ? [listenApart(host, port)] : [];
  });
}

function listenApart(host: Option, port: Option): Omit<Listen, 'container'> {
  return {
    port: Number(port.value),
    address: host.value,
    everywhere: '0.0.0.0',
    words: `${host.words} ${port.words}`,
  };
}

/** Where a known server listens, if that is on localhost only. */
function listenOf(
  { host, port, hostVariable = '', portVariable = '', byDefault }: ServerOptions,
  options: readonly Option[],
  env: ReadonlyMap<string, string>,
): Omit<Listen, 'container'> | undefined {
  const said = options.findLast(({ name }) => host.includes(name));
  const saidPort = options.findLast(({ name }) => port.includes(name));
  const number = Number(saidPort?.value ?? env.get(portVariable) ?? byDefault[1]);
  const where = said?.value ?? env.get(hostVariable) ?? byDefault[0];
  if (!localHost.test(where) || !Number.isInteger(number)) return undefined;
  const words = said?.words ?? (env.has(hostVariable) ? `${hostVariable}=${where}` : `${where} is its default`);
  return { port: number, address: said?.value, everywhere: '0.0.0.0', words };
}

/** Without a command, all arguments are the entrypoint's. */
function argumentsOf({ commands, data, env }: Container) {
  return data.command === undefined ? [{ program: '', args: list(data.args).map(String), env }, ...commands] : commands;
}
