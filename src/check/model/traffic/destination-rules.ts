import type { KubeObject } from '../../read/manifest.ts';
import { dict, text } from '../../read/values.ts';
import { push } from '../group-by.ts';
import { scopesOf } from '../routing/export-to.ts';
import { fullHost } from '../service-host.ts';

/** A DestinationRule that clients of a host use. */
export interface UsedRule {
  readonly object: KubeObject;
  /** Another rule of the same namespace names the same host: the older one counts, and files do not say which that is. */
  readonly rival: KubeObject | undefined;
}

export interface DestinationRules {
  /** The rules for a host that is served from a namespace, whoever calls. */
  readonly rulesFor: (host: string, namespace: string) => readonly UsedRule[];
}

/**
 * Istio's own order. A client takes the rule of its own namespace, else one that the namespace of the Service exports, else
 * one of the root namespace; of several in a namespace that with the most specific host.
 * Source: Istio 1.31, pilot/pkg/model/push_context.go, destinationRule, and MostSpecificHostMatch.
 */
export function indexDestinationRules(rules: readonly KubeObject[], rootNamespace: string): DestinationRules {
  const byHost = new Map<string, KubeObject[]>();
  for (const rule of rules) {
    const host = text(dict(rule.data.spec).host);
    if (host !== undefined) push(byHost, fullHost(host, rule.namespace), rule);
  }
  return {
    rulesFor(host, namespace) {
      const found = mostSpecific(byHost, host);
      const exported = (found.get(namespace) ?? []).some(isExported);
      return [...found].flatMap(([owner, own]) => {
        const shadowed = owner === rootNamespace && owner !== namespace && exported;
        return shadowed ? [] : own.map((object) => ({ object, rival: rivalOf(object, own) }));
      });
    },
  };
}

/** By namespace the rules with the most specific host that matches. */
function mostSpecific(byHost: ReadonlyMap<string, readonly KubeObject[]>, host: string): Map<string, KubeObject[]> {
  const found = new Map<string, KubeObject[]>();
  const settled = new Set<string>();
  for (const pattern of patternsOf(host)) {
    const rules = byHost.get(pattern);
    if (rules === undefined) continue;
    for (const rule of rules) if (!settled.has(rule.namespace)) push(found, rule.namespace, rule);
    // A rule for some clients leaves the others to the next.
    for (const rule of rules) if (!isForSome(rule)) settled.add(rule.namespace);
  }
  return found;
}

/** `a.b.c`, `*.b.c`, `*.c`, `*`: a wildcard stands for whole names, one or more. */
function patternsOf(host: string): string[] {
  const labels = host.split('.');
  return [host, ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`), '*'];
}

/** Whether a host, or all hosts that it stands for, is one of those that a pattern stands for. */
export function isWithin(host: string, pattern: string): boolean {
  return patternsOf(host).includes(pattern);
}

function isForSome({ data }: KubeObject): boolean {
  return dict(data.spec).workloadSelector !== undefined;
}

function isExported(object: KubeObject): boolean {
  return !isForSome(object) && scopesOf(object).includes('*');
}

function rivalOf(object: KubeObject, own: readonly KubeObject[]): KubeObject | undefined {
  const host = dict(object.data.spec).host;
  return own.find(
    (other) =>
      other.name !== object.name &&
      dict(other.data.spec).host === host &&
      dict(other.data.spec).trafficPolicy !== undefined &&
      !isForSome(other),
  );
}
