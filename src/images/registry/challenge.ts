/** What a registry wants before it answers (RFC 9110, 11.6.1): the schemes in their order, names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Of the text of a WWW-Authenticate; several such headers are joined with commas. What cannot be read ends it. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const piece =
    /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$))/y;
  for (let match = piece.exec(header); match !== null; match = piece.exec(header)) {
    const [, name, quoted, bare, scheme] = match;
    const current = challenges.at(-1);
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (current !== undefined && name !== undefined) {
      current.parameters[name.toLowerCase()] = bare ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1');
    }
  }
  return challenges;
}
