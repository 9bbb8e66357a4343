import type { Census } from '../model/census.ts';
import type { Inputs } from '../model/inputs.ts';
import type { PodTemplatePath } from '../model/pod-templates.ts';
import type { SkippedDocument, UnreadDocument } from '../read/load.ts';
import type { Rule } from '../rules/shared/rule.ts';
import type { Finding } from './finding.ts';
import type { InputAdvice } from './input-advice.ts';
import type { SuppressedFinding } from './suppress.ts';

export interface CheckOptions {
  /**
   * What is known of the cluster and the mesh. An input that is left out is read from the objects of the installation, where
   * these are among the sources; else it is assumed to be Istio's default.
   */
  readonly inputs?: Partial<Inputs> | undefined;
  /** Kinds that make pods and are not known: where their pod templates stand. */
  readonly podTemplates?: readonly PodTemplatePath[] | undefined;
  /** Rules to check. Default: all. */
  readonly rules?: readonly Rule[] | undefined;
  /** Whether to try inputs that nobody has given, for `advice`. The rules then run once more for each. Default: false. */
  readonly advise?: boolean | undefined;
}

export interface CheckResult {
  /** In the order of files, lines and rules. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
  /** How many Kubernetes objects were looked at. */
  readonly objects: number;
  /** Which workloads are in the mesh, and why: what the findings start from. */
  readonly census: Census;
  /** What would settle most findings, where `advise` asks for it and something would. */
  readonly advice?: InputAdvice;
  /** Where the findings are only those that a baseline does not hold. */
  readonly baseline?: BaselineComparison;
}

/** Findings beside those of a baseline. */
export interface BaselineComparison {
  /** Findings that the baseline holds. */
  readonly known: number;
  /** Fingerprints of what the baseline holds and was not found. */
  readonly gone: readonly string[];
}
