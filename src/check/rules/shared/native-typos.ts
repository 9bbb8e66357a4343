/** As two of Istio's own release notes print it, and what else people write for it. */
const misspeltNames: readonly string[] = [
  'sidecar.istio.io/native-side',
  'sidecar.istio.io/native-sidecar',
  'sidecar.istio.io/nativeSidecars',
  'sidecar.istio.io/nativesidecar',
  'sidecar.istio.io/native',
];

/** Whether an annotation is meant to make the sidecar native and is misspelt. */
export function isNativeTypo(annotation: string): boolean {
  return misspeltNames.includes(annotation);
}
