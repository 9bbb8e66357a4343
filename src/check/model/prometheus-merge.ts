import { findReservedPort } from '../../mesh/ports/ports.ts';
import { goBool } from './annotation-values.ts';
import { type Inputs, isOlder } from './inputs.ts';

export const mergeAnnotation = 'prometheus.istio.io/merge-metrics';

/** What of a pod's annotations for Prometheus the injector, or its agent, cannot use. */
export interface MergeFault {
  readonly annotation: string;
  readonly port: string;
  readonly reason: string;
  /** Since Istio 1.31 the injector refuses the pod; before, the agent asks that port in vain. */
  readonly refused: boolean;
  /** Whether the mesh's own setting decides that metrics are merged. */
  readonly byInput: boolean;
}

/** The agent's port of the mesh: the injector writes it itself, and takes a pod that has it for one of its own. */
const agentPort = 15020;

/** Ports of the sidecar that the table of reserved ports has and the injector does not look at here. */
const unchecked: readonly number[] = [15002];

/**
 * The first port to scrape that Istio cannot merge; undefined: all is well, or nothing is merged.
 * Source: Istio 1.31, pkg/kube/inject/webhook.go, applyPrometheusMerge, and status.ParseScrapeTargets. The checks and
 * prometheus.istio.io/scrape-targets came with 1.31 (istio/istio 59924).
 */
export function findMergeFault(
  annotations: Readonly<Record<string, string>>,
  { metricsMerge, istio }: Inputs,
): MergeFault | undefined {
  const named = (wanted: string) => Object.keys(annotations).find((name) => sanitized(name) === wanted);
  const scrape = named('prometheus_io_scrape');
  if (scrape !== undefined && goBool(annotations[scrape]) === false) return undefined;
  const own = goBool(annotations[mergeAnnotation]);
  if (!(own ?? metricsMerge)) return undefined;
  const portName = named('prometheus_io_port');
  if (portName !== undefined && annotations[portName] === String(agentPort)) return undefined;
  const refused = !isOlder(istio, '1.31');
  const targetsName = refused ? named('prometheus_istio_io_scrape_targets') : undefined;
  const targets = targetsName === undefined ? [] : targetPorts(annotations[targetsName] ?? '');
  const [annotation, ports] =
    targets.length > 0
      ? [targetsName, targets]
      : [portName, portName === undefined ? [] : [annotations[portName] ?? '']];
  for (const port of ports) {
    const reason = port === '' ? undefined : faultOf(port);
    if (annotation !== undefined && reason !== undefined)
      return { annotation, port, reason, refused, byInput: own === undefined };
  }
  return undefined;
}

/** As Prometheus spells the name of an annotation in a label: `prometheus.io/port` and `prometheus-io.port` are one. */
function sanitized(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
}

/** The ports of `8080:/metrics,9100`; none where the agent cannot read it: it is ignored. */
function targetPorts(written: string): readonly string[] {
  const ports = written
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => (entry.split(':')[0] ?? '').trim());
  return ports.includes('') ? [] : ports;
}

function faultOf(port: string): string | undefined {
  const number = /^[+-]?\d+$/.test(port) ? Number(port) : Number.NaN;
  if (!(number >= 1 && number <= 65_535)) return 'is no port number';
  if (number === agentPort) return "is the agent's own port";
  const reserved = unchecked.includes(number) ? undefined : findReservedPort(number);
  return reserved && `is the sidecar's own port (${reserved.purpose})`;
}
