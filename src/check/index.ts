import '../shared/supported-node.ts';

export { type AppliedFixes, applyFixes } from './fix/apply-fixes.ts';
export type { FindingFix, FindingObject } from './fix/finding-fix.ts';
export type { Change, Edit, Fix, JsonPatchOperation } from './fix/fix.ts';
export type { Cluster, Service, ServicePort, Workload } from './model/cluster.ts';
export { defaultInputs, type InputName, type Inputs, inputProfiles } from './model/inputs.ts';
export type { PodTemplatePath } from './model/pod-templates.ts';
export type { SkippedDocument, UnreadDocument } from './read/load.ts';
export type { KubeObject, ManifestDocument, ManifestSource } from './read/manifest.ts';
export { type CheckOptions, type CheckResult, checkManifests } from './report/check-manifests.ts';
export type { Finding, InputUse } from './report/finding.ts';
export type { SuppressedFinding } from './report/suppress.ts';
export { allRules } from './rules/index.ts';
export type { Problem, Rule, Severity } from './rules/shared/rule.ts';
