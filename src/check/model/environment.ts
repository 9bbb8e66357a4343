import { type Dict, dict, list, text } from '../read/values.ts';

/** The data of a ConfigMap of the container's namespace; empty where the manifests have none of that name. */
export type ConfigMaps = (name: string) => Readonly<Record<string, string>>;

/**
 * The variables of a container, as far as the manifests tell: literal ones and those of ConfigMaps. Those of Secrets, of
 * fields and of the image are not in it.
 */
export function readEnvironment(container: Dict, configMaps: ConfigMaps): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const source of list(container.envFrom).map(dict)) {
    const prefix = text(source.prefix) ?? '';
    const name = text(dict(source.configMapRef).name);
    if (name === undefined) continue;
    for (const [key, value] of Object.entries(configMaps(name))) env.set(prefix + key, value);
  }
  for (const { name, value, valueFrom } of list(container.env).map(dict)) {
    if (typeof name !== 'string') continue;
    const known =
      valueFrom === undefined ? expandReferences(text(value) ?? '', env) : fromConfigMap(valueFrom, configMaps);
    if (known === undefined) env.delete(name);
    else env.set(name, known);
  }
  return env;
}

function fromConfigMap(valueFrom: unknown, configMaps: ConfigMaps): string | undefined {
  const { name, key } = dict(dict(valueFrom).configMapKeyRef);
  const data = configMaps(text(name) ?? '');
  return typeof key === 'string' && Object.hasOwn(data, key) ? data[key] : undefined;
}

/** `$(NAME)` in a command, in arguments and in values, as the kubelet replaces it; `$$(NAME)` stands for the text itself. */
export function expandReferences(word: string, env: ReadonlyMap<string, string>): string {
  return word.replace(/\$\$|\$\(([^()\s]+)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (env.get(name) ?? reference),
  );
}
