import { goBool } from './annotation-values.ts';
import { sidecarUid } from './injection.ts';
import type { PodTemplate } from './pod.ts';

/** An init container that another program's webhook adds, and whom it calls. */
export interface AddedInit {
  readonly by: string;
  readonly calls: string;
  /** Where it listens, as a rule. */
  readonly port: number;
  /** The annotation that asks for it. */
  readonly annotation: string;
}

interface Injector extends AddedInit {
  /** Whether the annotations make it add a container whose calls the redirection takes. */
  readonly adds: (annotations: Readonly<Record<string, string>>) => boolean;
}

/** Sources: vault-k8s 1.7, agent-inject/agent/annotations.go; Conjur's secrets-provider, its documentation of annotations. */
const injectors: readonly Injector[] = [
  {
    by: "Vault's injector",
    calls: 'Vault',
    port: 8200,
    annotation: 'vault.hashicorp.com/agent-inject',
    adds: (annotations) =>
      goBool(annotations['vault.hashicorp.com/agent-inject']) === true &&
      goBool(annotations['vault.hashicorp.com/agent-pre-populate']) !== false &&
      annotations['vault.hashicorp.com/agent-run-as-user'] !== String(sidecarUid),
  },
  {
    by: "Conjur's injector",
    calls: 'Conjur',
    port: 443,
    annotation: 'conjur.org/inject',
    adds: (annotations) =>
      ['true', 'yes', 'on', '1'].includes(annotations['conjur.org/inject'] ?? '') &&
      annotations['conjur.org/container-mode'] === 'init',
  },
];

/** The init containers that others will add to the pods of a template, beside Istio's. */
export function addedInits({ annotations }: PodTemplate): readonly AddedInit[] {
  return injectors.filter(({ adds }) => adds(annotations));
}
