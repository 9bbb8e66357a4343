import { list, text } from '../../read/values.ts';
import type { Workload } from '../cluster.ts';
import { type ConfigMaps, expandReferences, readEnvironment } from '../environment.ts';

/** A Service that a container's settings name. */
export interface Called {
  readonly name: string;
  readonly namespace: string;
  /** The variable, or the argument, that says so. */
  readonly by: string;
}

const inUrl = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@,]*@)?([a-z0-9][a-z0-9.-]*)/gi;
const withPort = /^([a-z0-9][a-z0-9.-]*):\d{1,5}$/i;
const bare = /^[a-z][a-z0-9.-]*$/i;
/** Variables whose value is a host by itself. */
const hostVariable = /(^|_)(HOST|HOSTNAME|ADDR|ADDRESS|SERVER|ENDPOINT|URL|URI)S?$/;

/**
 * The Services that a workload is set up to call, as its variables and arguments tell: hosts of URLs, `host:port`, and the
 * values of variables such as ORDERS_HOST. Whether the Service exists is for the caller to say.
 */
export function calledHosts({ template, object }: Workload, configMaps: ConfigMaps): Called[] {
  return [...template.containers, ...template.initContainers].flatMap(({ data }) => {
    const env = readEnvironment(data, configMaps);
    const words = [...list(data.command), ...list(data.args)].flatMap((word) => text(word) ?? []);
    return [
      ...[...env].flatMap(([name, value]) => hostsIn(value, hostVariable.test(name)).map((host) => called(host, name))),
      ...words.flatMap((word) => {
        const value = expandReferences(word, env);
        return hostsIn(value.slice(value.indexOf('=') + 1), false).map((host) => called(host, 'an argument'));
      }),
    ].flatMap((one) => one ?? []);
  });

  function called(host: string, by: string): Called[] {
    const [name = '', namespace = object.namespace, svc = 'svc'] = host.toLowerCase().split('.');
    return svc === 'svc' ? [{ name, namespace, by }] : [];
  }
}

function hostsIn(value: string, isHost: boolean): string[] {
  const found = [...value.matchAll(inUrl)].map(([, host = '']) => host);
  if (found.length > 0) return found;
  const parts = value.split(',').map((part) => part.trim());
  return parts.flatMap((part) => withPort.exec(part)?.[1] ?? (isHost && bare.test(part) ? [part] : []));
}
