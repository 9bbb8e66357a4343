import '../shared/supported-node.ts';

export { type AppliedFixes, applyFixes } from './fix/apply-fixes.ts';
export type { FindingFix, FindingObject } from './fix/finding-fix.ts';
export type { Change, Edit, Fix, JsonPatchOperation } from './fix/fix.ts';
export type { Census, Headcount, NamespaceCensus } from './model/census.ts';
export type { Cluster, Service, ServicePort, Workload } from './model/cluster.ts';
export type { InjectionInput } from './model/injection-input.ts';
export { defaultInputs, type InputName, type Inputs, inputProfiles } from './model/inputs.ts';
export { type MembershipReason, membershipReasons } from './model/membership-reasons.ts';
export type { SkippedDocument, UnreadDocument } from './read/load.ts';
export type { KubeObject, ManifestDocument, ManifestSource } from './read/manifest.ts';
export { checkManifests } from './report/check-manifests.ts';
export type { BaselineComparison, CheckOptions, CheckResult } from './report/check-result.ts';
export type { Finding, InputUse } from './report/finding.ts';
export type { InputAdvice } from './report/input-advice.ts';
export type { SuppressedFinding } from './report/suppress.ts';
export { allRules } from './rules/index.ts';
export type { Problem, Rule, Severity } from './rules/shared/rule.ts';
