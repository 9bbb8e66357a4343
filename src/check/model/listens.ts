import { list } from '../read/values.ts';
import type { Container } from './pod.ts';

/** A port that a container listens on, as its command says. */
export interface Listen {
  readonly port: number;
  /** `localhost:8080`, as it is written. */
  readonly address: string;
  /** The words that say so. */
  readonly words: string;
  readonly container: Container;
}

const optionPattern = /^--?[\w.-]*(?:listen|bind)[\w.-]*$/i;
const addressPattern = /^(?:[a-z]+:\/\/)?((?:127\.0\.0\.1|localhost|\[::1\]):(\d+))\/?$/i;

/**
 * The ports that a command binds to localhost, where an option says so: `--listen-address=127.0.0.1:8080`, `--bind
 * localhost:80`. Options such as `--upstream` and `--addr` name others as often, and are left alone.
 */
export function localListens(container: Container): Listen[] {
  return argumentsOf(container).flatMap((args) =>
    args.flatMap((word, index) => {
      const [option = '', ...values] = word.split('=');
      if (!optionPattern.test(option)) return [];
      const value = values.length === 0 ? (args[index + 1] ?? '') : values.join('=');
      const [, address, port] = addressPattern.exec(value) ?? [];
      if (address === undefined) return [];
      const words = values.length === 0 ? `${word} ${value}` : word;
      return [{ port: Number(port), address, words, container }];
    }),
  );
}

/** Without a command, all arguments are the entrypoint's. */
function argumentsOf({ commands, data }: Container): (readonly string[])[] {
  return data.command === undefined ? [list(data.args).map(String)] : commands.map(({ args }) => args);
}
