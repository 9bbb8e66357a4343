import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, isDict, list, type Path, text, texts } from '../../read/values.ts';
import type { Labels } from '../selectors.ts';

/** What a DestinationRule makes its clients speak to a port. */
export interface ClientTls {
  readonly mode: string;
  /** The way to its `tls`. */
  readonly path: Path;
  /** It stands in portLevelSettings. */
  readonly ofPort: boolean;
  /** Pods of these labels only: the policy of a subset. */
  readonly subset: Labels | undefined;
}

/**
 * The TLS settings of a rule for a port of the host. Settings of a port replace those of their level, `tls` included;
 * a subset inherits what it does not set. Source: Istio 1.31, MergeTrafficPolicy.
 */
export function clientTls({ data }: KubeObject, port: number): ClientTls[] {
  const { trafficPolicy, subsets } = dict(data.spec);
  const whole = tlsOf(trafficPolicy, ['spec', 'trafficPolicy'], port, undefined);
  const ofSubsets = list(subsets).flatMap((item, index) => {
    const subset = dict(item);
    return tlsOf(subset.trafficPolicy, ['spec', 'subsets', index, 'trafficPolicy'], port, texts(subset.labels));
  });
  return [...whole, ...ofSubsets];
}

function tlsOf(policy: unknown, path: Path, port: number, subset: Labels | undefined): ClientTls[] {
  const settings = list(dict(policy).portLevelSettings);
  const index = settings.findIndex((item) => dict(dict(item).port).number === port);
  const ofPort = index !== -1;
  const holder: Dict = ofPort ? dict(settings[index]) : dict(policy);
  const mode = text(dict(holder.tls).mode);
  if (!isDict(holder.tls) || mode === undefined) return [];
  const way = ofPort ? [...path, 'portLevelSettings', index, 'tls'] : [...path, 'tls'];
  return [{ mode, path: way, ofPort, subset }];
}
