import { annotationType } from './annotation-type.ts';
import { annotationValue } from './annotation-value.ts';
import { apiOld } from './api-old.ts';
import { drVsPa } from './dr-vs-pa.ts';
import { drainTooShort } from './drain-too-short.ts';
import { headlessHttp } from './headless-http.ts';
import { headlessNotReady } from './headless-not-ready.ts';
import { headlessPortMissing } from './headless-port-missing.ts';
import { holdValue } from './hold-value.ts';
import { initBlackhole } from './init-blackhole.ts';
import { initOutsideMesh } from './init-outside-mesh.ts';
import { injectAnnotationDeprecated } from './inject-annotation-deprecated.ts';
import { injectNamespaceClash } from './inject-namespace-clash.ts';
import { istioAnnotationMisplaced } from './istio-annotation-misplaced.ts';
import { istioAnnotationUnknown } from './istio-annotation-unknown.ts';
import { jobNeverEnds } from './job-never-ends.ts';
import { livenessKillsWaiting } from './liveness-kills-waiting.ts';
import { mixerDead } from './mixer-dead.ts';
import { nativeAnnotationTypo } from './native-annotation-typo.ts';
import { nativeValue } from './native-value.ts';
import { nginxHttp10 } from './nginx-http10.ts';
import { ownTlsAsHttp } from './own-tls-as-http.ts';
import { ownTlsStrict } from './own-tls-strict.ts';
import { paDuplicate } from './pa-duplicate.ts';
import { paPort } from './pa-port.ts';
import { paPortlevelNoSelector } from './pa-portlevel-no-selector.ts';
import { paRootSelector } from './pa-root-selector.ts';
import { portMixed } from './port-mixed.ts';
import { portNameContradicts } from './port-name-contradicts.ts';
import { portShared } from './port-shared.ts';
import { portUndeclared } from './port-undeclared.ts';
import { poststartHttp } from './poststart-http.ts';
import { probeHost } from './probe-host.ts';
import { probeMtls } from './probe-mtls.ts';
import { probeTcpBlind } from './probe-tcp-blind.ts';
import { prometheusPort } from './prometheus-port.ts';
import { psaInit } from './psa-init.ts';
import { psaSeccomp } from './psa-seccomp.ts';
import { pspDead } from './psp-dead.ts';
import { reservedPort } from './reserved-port.ts';
import { rewriteValue } from './rewrite-value.ts';
import { sctp } from './sctp.ts';
import { seNoAddress } from './se-no-address.ts';
import { sePerPod } from './se-per-pod.ts';
import type { Rule } from './shared/rule.ts';
import { startupUnprotected } from './startup-unprotected.ts';
import { udpUnguarded } from './udp-unguarded.ts';
import { uid1337 } from './uid-1337.ts';

/** Every rule, in the order of their ids. */
export const allRules: readonly Rule[] = [
  annotationType,
  annotationValue,
  apiOld,
  drVsPa,
  drainTooShort,
  headlessHttp,
  headlessNotReady,
  headlessPortMissing,
  holdValue,
  initBlackhole,
  initOutsideMesh,
  injectAnnotationDeprecated,
  injectNamespaceClash,
  istioAnnotationMisplaced,
  istioAnnotationUnknown,
  jobNeverEnds,
  livenessKillsWaiting,
  mixerDead,
  nativeAnnotationTypo,
  nativeValue,
  nginxHttp10,
  ownTlsAsHttp,
  ownTlsStrict,
  paDuplicate,
  paPort,
  paPortlevelNoSelector,
  paRootSelector,
  portMixed,
  portNameContradicts,
  portShared,
  portUndeclared,
  poststartHttp,
  probeHost,
  probeMtls,
  probeTcpBlind,
  prometheusPort,
  psaInit,
  psaSeccomp,
  pspDead,
  reservedPort,
  rewriteValue,
  sctp,
  seNoAddress,
  sePerPod,
  startupUnprotected,
  udpUnguarded,
  uid1337,
];
