import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, int, list, type Path, text, texts, valueAt } from '../read/values.ts';
import { type ConfigMaps, readEnvironment } from './environment.ts';
import type { Launcher } from './launcher.ts';
import { isOffline } from './offline.ts';
import { readLauncher } from './read-launcher.ts';
import { startCommands } from './start-commands.ts';

/** The way to the pod template of each kind that has one; a Pod is its own. */
const templatePaths: Readonly<Record<string, Path>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const proxyContainer = 'istio-proxy';

export interface ContainerPort {
  readonly number: number;
  readonly name: string | undefined;
  readonly protocol: string;
  readonly path: Path;
}

export interface Probe {
  readonly field: 'livenessProbe' | 'readinessProbe' | 'startupProbe';
  readonly kind: 'httpGet' | 'grpc' | 'tcpSocket' | 'exec';
  /** With a port's name resolved; undefined where it names none of the container's. */
  readonly port: number | undefined;
  readonly scheme: string;
  readonly host: string | undefined;
  readonly path: Path;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  /** An init container that stays: Kubernetes' own sidecar. */
  readonly sidecar: boolean;
  readonly ports: readonly ContainerPort[];
  readonly probes: readonly Probe[];
  /** Who starts its app and what that does for the sidecar; undefined where nobody does, or the image decides. */
  readonly launcher: Launcher | undefined;
  /** Its command is known to use no network. */
  readonly offline: boolean;
  readonly data: Dict;
  readonly path: Path;
}

/** A pod template, whatever object holds it. */
export interface PodTemplate {
  /** Way to the template: its `metadata` and `spec` are below. */
  readonly path: Path;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Dict;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  /** istio-proxy, where the template has it already: injected by hand, or a gateway. It is none of `containers`. */
  readonly proxy: { readonly native: boolean; readonly first: boolean; readonly waits: boolean } | undefined;
}

/** `configMaps`: those of the object's namespace. */
export function podTemplate(object: KubeObject, configMaps: ConfigMaps): PodTemplate | undefined {
  const path = Object.hasOwn(templatePaths, object.kind) ? templatePaths[object.kind] : undefined;
  if (path === undefined) return undefined;
  const template = dict(valueAt(object.data, path));
  const metadata = dict(template.metadata);
  const spec = dict(template.spec);
  const containers = readContainers(spec, 'containers', path, configMaps);
  const initContainers = readContainers(spec, 'initContainers', path, configMaps);
  const found = [...containers, ...initContainers].find(({ name }) => name === proxyContainer);
  return {
    path,
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    spec,
    containers: containers.filter(({ name }) => name !== proxyContainer),
    initContainers: initContainers.filter(({ name }) => name !== proxyContainer),
    proxy: found && {
      native: found.init,
      first: containers[0] === found,
      waits: dict(found.data.lifecycle).postStart !== undefined,
    },
  };
}

function readContainers(
  spec: Dict,
  field: 'containers' | 'initContainers',
  template: Path,
  configMaps: ConfigMaps,
): Container[] {
  return list(spec[field]).map((item, index) => {
    const data = dict(item);
    const path = [...template, 'spec', field, index];
    const ports = readPorts(data, path);
    const init = field === 'initContainers';
    const env = readEnvironment(data, configMaps);
    const commands = startCommands(data, env);
    return {
      name: text(data.name) ?? `#${index}`,
      image: text(data.image) ?? '',
      init,
      sidecar: init && data.restartPolicy === 'Always',
      ports,
      probes: readProbes(data, ports, path),
      launcher: readLauncher(commands, env),
      offline: isOffline(commands),
      data,
      path,
    };
  });
}

function readPorts(container: Dict, path: Path): ContainerPort[] {
  return list(container.ports).flatMap((item, index) => {
    const port = dict(item);
    const number = int(port.containerPort);
    if (number === undefined) return [];
    return [{ number, name: text(port.name), protocol: text(port.protocol) ?? 'TCP', path: [...path, 'ports', index] }];
  });
}

function readProbes(container: Dict, ports: readonly ContainerPort[], path: Path): Probe[] {
  return (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).flatMap((field) => {
    const probe = dict(container[field]);
    const kind = (['httpGet', 'grpc', 'tcpSocket', 'exec'] as const).find((name) => probe[name] !== undefined);
    if (kind === undefined) return [];
    const action = dict(probe[kind]);
    return [
      {
        field,
        kind,
        port: int(action.port) ?? ports.find(({ name }) => name !== undefined && name === action.port)?.number,
        scheme: text(action.scheme) ?? 'HTTP',
        host: text(action.host),
        path: [...path, field, kind],
      },
    ];
  });
}
