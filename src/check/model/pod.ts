import { type Dict, dict, int, isDict, list, type Path, text, texts, valueAt } from '../read/values.ts';
import { type ConfigMaps, readEnvironment } from './environment.ts';
import type { Launcher } from './launcher.ts';
import { readLauncher } from './read-launcher.ts';
import { type StartCalls, startCalls } from './start-calls.ts';
import { type StartCommand, startCommands } from './start-commands.ts';

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
  /** The programs that it starts; empty where the image decides. */
  readonly commands: readonly StartCommand[];
  /** Who starts its app and what that does for the sidecar; undefined where nobody does, or the image decides. */
  readonly launcher: Launcher | undefined;
  /** Whether it calls others when it starts. */
  readonly calls: StartCalls;
  /** Its variables, as far as the manifests tell. */
  readonly env: ReadonlyMap<string, string>;
  readonly data: Dict;
  readonly path: Path;
}

/** A pod template, whatever object holds it. */
export interface PodTemplate {
  /** Way to the template: its `metadata` is below. */
  readonly path: Path;
  /** Way to the fields of the pod's `spec`. */
  readonly specPath: Path;
  /** Where its init containers stand; undefined where its kind has none. */
  readonly initPath: Path | undefined;
  /** Where its volumes stand. */
  readonly volumesPath: Path;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Dict;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  /** istio-proxy, where the template has it already: injected by hand, or a gateway. It is none of `containers`. */
  readonly proxy: { readonly native: boolean; readonly first: boolean; readonly waits: boolean } | undefined;
}

/** Where the parts of a template stand in an object. */
export interface TemplatePlace {
  readonly path: Path;
  readonly spec: Path;
  /** Lists of containers, or single ones. */
  readonly containers: readonly Path[];
  readonly init: readonly Path[];
  /** Where its volumes stand, if not in its `spec`. */
  readonly volumes?: Path;
  /** Metadata that all pods of the object get, beside that of their template. */
  readonly common?: Path;
  /** What a container is called that has no name. */
  readonly name?: string | undefined;
}

/** `configMaps`: those of the object's namespace. */
export function readTemplate(data: unknown, place: TemplatePlace, configMaps: ConfigMaps): PodTemplate {
  const metadata = dict(valueAt(data, [...place.path, 'metadata']));
  const common = place.common === undefined ? {} : dict(valueAt(data, place.common));
  const containers = place.containers.flatMap((path) => readContainers(data, path, false, configMaps, place.name));
  const initContainers = place.init.flatMap((path) => readContainers(data, path, true, configMaps));
  const found = [...containers, ...initContainers].find(({ name }) => name === proxyContainer);
  return {
    path: place.path,
    specPath: place.spec,
    initPath: place.init[0],
    volumesPath: place.volumes ?? [...place.spec, 'volumes'],
    labels: texts({ ...dict(common.labels), ...dict(metadata.labels) }),
    annotations: texts({ ...dict(common.annotations), ...dict(metadata.annotations) }),
    spec: dict(valueAt(data, place.spec)),
    containers: containers.filter(({ name }) => name !== proxyContainer),
    initContainers: initContainers.filter(({ name }) => name !== proxyContainer),
    proxy: found && {
      native: found.init,
      first: containers[0] === found,
      waits: dict(found.data.lifecycle).postStart !== undefined,
    },
  };
}

function readContainers(data: unknown, place: Path, init: boolean, configMaps: ConfigMaps, name = '#0'): Container[] {
  const found = valueAt(data, place);
  if (isDict(found)) return [readContainer(found, place, init, configMaps, name)];
  return list(found).map((item, index) => readContainer(dict(item), [...place, index], init, configMaps, `#${index}`));
}

function readContainer(data: Dict, path: Path, init: boolean, configMaps: ConfigMaps, fallback: string): Container {
  const ports = readPorts(data, path);
  const env = readEnvironment(data, configMaps);
  const commands = startCommands(data, env);
  return {
    name: text(data.name) ?? fallback,
    image: text(data.image) ?? '',
    init,
    sidecar: init && data.restartPolicy === 'Always',
    ports,
    probes: readProbes(data, ports, path),
    commands,
    launcher: readLauncher(commands, env),
    calls: startCalls(data, init, commands, env),
    env,
    data,
    path,
  };
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
