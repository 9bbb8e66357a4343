import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, int, isDict, list, type Path, text, valueAt } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import type { Call } from './call.ts';
import type { ServedPorts } from './served-ports.ts';

/** The port that webhooks and APIServices have where they name none. Source: Kubernetes 1.37, ServiceReference. */
const defaultPort = 443;

/** The calls of the API server: webhooks, APIServices and conversions. It speaks TLS of its own and has no certificate of the mesh. */
export function* apiServerCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const) {
    for (const object of cluster.ofKind(kind)) {
      for (const [index, item] of list(object.data.webhooks).entries()) {
        const webhook = dict(item);
        const consequence =
          webhook.failurePolicy === 'Ignore'
            ? 'the webhook is skipped, and nothing says so'
            : 'all that it is asked about is refused';
        yield* callOf(object, ['webhooks', index, 'clientConfig', 'service'], consequence, ports);
      }
    }
  }
  for (const object of cluster.ofKind('APIService')) {
    yield* callOf(object, ['spec', 'service'], `${object.name} is not available`, ports);
  }
  for (const object of cluster.ofKind('CustomResourceDefinition')) {
    const path = ['spec', 'conversion', 'webhook', 'clientConfig', 'service'];
    yield* callOf(object, path, 'objects of its other versions cannot be read or written', ports);
  }
}

function* callOf(object: KubeObject, path: Path, consequence: string, ports: ServedPorts): Iterable<Call> {
  const reference = valueAt(object.data, path);
  if (!isDict(reference)) return;
  const { name, namespace, port } = serviceReference(reference);
  const service = ports.services.named(namespace, name, object);
  if (service === undefined) return;
  const targets = ports.served(service).filter((served) => served.port.port === port);
  yield {
    by: 'api-server',
    object,
    path,
    targets,
    port: targets[0]?.port,
    to: `Service ${namespace}/${name}:${port}`,
    consequence,
  };
}

function serviceReference(reference: Dict) {
  return {
    name: text(reference.name) ?? '',
    namespace: text(reference.namespace) ?? '',
    port: int(reference.port) ?? defaultPort,
  };
}
