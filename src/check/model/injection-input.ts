/**
 * Which namespaces get sidecars where their labels in the files do not say: `auto`: those whose Namespace is not in the
 * files; true or false: all, or none; by namespace, with `*` for all others.
 */
export type InjectionInput = 'auto' | boolean | Readonly<Record<string, boolean>>;

/** What was said about a namespace; undefined: nothing. */
export function saidOfInjection(injection: InjectionInput, namespace: string): boolean | undefined {
  if (injection === 'auto') return undefined;
  if (typeof injection === 'boolean') return injection;
  return saidByName(injection, namespace) ?? saidByName(injection, '*');
}

/** What was said about a namespace by its name. */
export function saidByName(injection: InjectionInput, namespace: string): boolean | undefined {
  return typeof injection === 'object' && Object.hasOwn(injection, namespace) ? injection[namespace] : undefined;
}

const item = /^(?:([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?|\*)=)?(true|false)$/;

/** Reads `auto`, `true`, `false`, `shop=true,legacy=false`, `false,shop=true`. */
export function parseInjection(text: string): InjectionInput | undefined {
  if (text === 'auto') return 'auto';
  const said: Record<string, boolean> = Object.create(null);
  for (const part of text.split(',')) {
    const found = item.exec(part.trim());
    if (found === null) return undefined;
    said[found[1] ?? '*'] = found[2] === 'true';
  }
  const [name, more] = Object.keys(said);
  return name === '*' && more === undefined ? said['*'] : said;
}
