export { type AppliedFixes, applyFixes } from './apply-fixes.ts';
export {
  type CheckOptions,
  type CheckResult,
  checkManifests,
  type Finding,
  type FindingFix,
  type FindingObject,
  type InputUse,
} from './check-manifests.ts';
export type { Cluster, Service, ServicePort, Workload } from './cluster.ts';
export type { Change, Edit, Fix, JsonPatchOperation } from './fix.ts';
export { DEFAULT_INPUTS, type InputName, type Inputs, PROFILES } from './inputs.ts';
export type { SkippedDocument, UnreadDocument } from './load.ts';
export type { KubeObject, ManifestDocument, ManifestSource } from './manifest.ts';
export type { Problem, Rule, Severity } from './rule.ts';
export { RULES } from './rules/index.ts';
