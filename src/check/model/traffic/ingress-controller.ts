import type { KubeObject } from '../../read/manifest.ts';
import { dict, text, texts } from '../../read/values.ts';
import type { Cluster, Workload } from '../cluster.ts';
import type { InputName } from '../inputs.ts';

/** Who serves an Ingress, seen from the mesh. */
export interface IngressController {
  /** `istio`: its own gateways; `mesh`: its pods have sidecars; `outside`: none; `unknown`: the files do not tell. */
  readonly place: 'istio' | 'mesh' | 'outside' | 'unknown';
  /** For a sentence. */
  readonly name: string;
  readonly restsOn: readonly InputName[];
}

const classAnnotation = 'kubernetes.io/ingress.class';

/**
 * Load balancers of clouds: nothing of them runs in the cluster, so none has a sidecar. Sources: the classes and controller names of AWS
 * Load Balancer Controller, GKE Ingress, and Azure's Application Gateway Ingress Controller and Application Gateway for Containers.
 */
const ofClouds =
  /^(alb|gce|gce-internal|azure-application-gateway|azure-alb-external)$|^(ingress\.k8s\.aws\/alb|networking\.gke\.io\/|azure\/application-gateway|alb\.networking\.azure\.io\/)/;

/** Images of controllers by a word that is in their classes. */
const controllers: readonly (readonly [word: string, image: RegExp])[] = [
  ['nginx', /(^|\/)(ingress-nginx\/controller|nginx-ingress(-controller)?)(-chroot)?$/],
  ['traefik', /(^|\/)traefik$/],
  ['haproxy', /(^|\/)(haproxy-ingress|haproxytech\/kubernetes-ingress)$/],
  ['kong', /(^|\/)kong(-gateway)?$/],
  ['contour', /(^|\/)(envoy|contour)$/],
];

/** By its class, the IngressClass of that name, and the pods of the controller, where they are in the files. */
export function ingressController(cluster: Cluster, ingress: KubeObject): IngressController {
  const annotated = texts(dict(ingress.data.metadata).annotations)[classAnnotation];
  const named = text(dict(ingress.data.spec).ingressClassName) ?? annotated ?? '';
  const object = cluster.ofKind('IngressClass').find(({ name }) => name === named);
  const words = [named, text(dict(object?.data.spec).controller) ?? ''].filter((word) => word !== '');
  const name = named === '' ? 'the default ingress controller' : `the ingress controller "${named}"`;
  if (words.some((word) => /^istio(\.io\/ingress-controller)?$/.test(word)))
    return { place: 'istio', name, restsOn: [] };
  if (words.some((word) => ofClouds.test(word))) return { place: 'outside', name, restsOn: [] };
  const pods = cluster.workloads.filter((workload) =>
    controllers.some(([word, image]) => words.some((one) => one.includes(word)) && runs(workload, image)),
  );
  if (pods.length === 0) return { place: 'unknown', name, restsOn: [] };
  const isOutside = pods.every(({ injection }) => injection.injected === false);
  const restsOn = pods.flatMap(({ injection }) => injection.memberBy);
  return { place: isOutside ? 'outside' : 'mesh', name, restsOn: [...new Set(restsOn)] };
}

function runs({ template }: Workload, image: RegExp): boolean {
  return template.containers.some(({ data }) =>
    image.test((text(data.image) ?? '').replace(/@.*$/, '').replace(/:[^/]*$/, '')),
  );
}
