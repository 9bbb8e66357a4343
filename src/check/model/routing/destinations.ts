import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, int, list, type Path, text } from '../../read/values.ts';
import { hostText } from './mesh-hosts.ts';

/** Where a route of a VirtualService leads. */
export interface Destination {
  readonly host: string;
  readonly port: number | undefined;
  readonly subset: string | undefined;
  /** Of the destination, with `host` in it. */
  readonly path: Path;
}

/** All destinations of a VirtualService, mirrors included. */
export function destinationsOf(object: KubeObject): Destination[] {
  const spec = dict(object.data.spec);
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    list(spec[protocol]).flatMap((item, index) => {
      const rule = dict(item);
      const at = ['spec', protocol, index];
      return [
        ...inList(rule.route, [...at, 'route']),
        ...read(dict(rule.mirror), [...at, 'mirror']),
        ...inList(rule.mirrors, [...at, 'mirrors']),
      ];
    }),
  );
}

function inList(value: unknown, path: Path): Destination[] {
  return list(value).flatMap((item, index) => read(dict(dict(item).destination), [...path, index, 'destination']));
}

function read(destination: Dict, path: Path): Destination[] {
  const host = hostText(destination.host);
  if (host === undefined) return [];
  return [{ host, port: int(dict(destination.port).number), subset: text(destination.subset), path }];
}
