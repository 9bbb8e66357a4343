import type { Facts } from '../decide/finding.ts';

/** `{service|the service}`, `{serverName|authority|like this}`: the first fact that is known, else the words at the end. */
const placePattern = /\{([A-Za-z|]+)\|([^{}|]*)\}/g;

/** Puts the facts into a text for people. */
export function fill(text: string, facts: Facts): string {
  return text.replaceAll(placePattern, (_, names: string, otherwise: string) =>
    shown(firstOf(names, facts) ?? otherwise),
  );
}

/** What may stand in a command without quotes: facts come out of logs, and logs out of what strangers send. */
const safePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/;

/** Puts the facts into a command that is copied into a shell; what a shell would read as more than a word stays out. */
export function fillCommand(command: string, facts: Facts): string {
  return command.replaceAll(placePattern, (_, names: string, otherwise: string) => {
    const value = firstOf(names, facts);
    return value !== undefined && value.length < 100 && safePattern.test(value) ? value : otherwise;
  });
}

function firstOf(names: string, facts: Facts): string | undefined {
  const name = names.split('|').find((candidate) => Object.hasOwn(facts, candidate));
  return name === undefined ? undefined : facts[name];
}

/** What steers a terminal is shown, not sent; what is too long is cut. */
export function shown(text: string, most = 300): string {
  const cut = text.length > most ? `${text.slice(0, most)}...` : text;
  return cut.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
