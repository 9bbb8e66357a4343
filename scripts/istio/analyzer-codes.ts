/** What `mesh-shim check` makes of a message of `istioctl analyze`: rules that find it, and what they leave; or why none does. */
export type AnalyzerCode =
  | { readonly rules: readonly string[]; readonly left?: string }
  | { readonly rules?: never; readonly why: string };

const liveOnly = 'Only a running cluster can tell.';
const installation = "About Istio's own installation, not about the manifests of apps.";

/** Every message of Istio's analyzers: a test holds the codes against those of the newest release. */
export const analyzerCodes: Readonly<Record<string, AnalyzerCode>> = {
  IST0001: { why: 'A fault of istioctl itself.' },
  IST0002: { rules: ['api-old', 'mixer-dead', 'istio-field-unknown'] },
  IST0101: {
    rules: [
      ...['vs-host-unknown', 'vs-port-unknown', 'vs-subset-unknown', 'vs-gateway-unknown', 'gateway-selector'],
      ...['selector-unmatched'],
    ],
    left: 'Secrets of a Gateway, which are rarely in files; namespaces that an AuthorizationPolicy names, which may be elsewhere; hosts that are there and that `exportTo` hides.',
  },
  IST0102: { why: 'The census says it, for each namespace: nobody must have sidecars everywhere.' },
  IST0103: { why: liveOnly },
  IST0106: {
    rules: ['istio-field-unknown', 'istio-field-value', 'pa-portlevel-no-selector', 'annotation-value'],
    left: "What istiod's webhook refuses beyond the CRDs.",
  },
  IST0107: { rules: ['istio-annotation-misplaced'] },
  IST0108: { rules: ['istio-annotation-unknown', 'native-annotation-typo'] },
  IST0109: { rules: ['vs-host-twice'] },
  IST0110: { rules: ['sidecar-twice'] },
  IST0111: { rules: ['sidecar-twice'] },
  IST0112: { rules: ['vs-port-unknown'], left: 'Routes of sidecars, which take the port that was called: that works.' },
  IST0116: { rules: ['port-shared', 'port-mixed'] },
  IST0118: { rules: ['port-undeclared'] },
  IST0123: { rules: ['inject-namespace-clash'] },
  IST0125: { rules: ['annotation-value', 'native-value', 'rewrite-value', 'hold-value', 'inject-value'] },
  IST0126: { why: 'The networks of a mesh of several clusters: no file of one names them all.' },
  IST0127: {
    rules: ['selector-unmatched'],
    left: 'Selectors that nothing in the files is near to: their pods may be elsewhere.',
  },
  IST0128: {
    why: 'Istio verifies with the certificates of the system since 1.20, unless `insecureSkipVerify` asks for the opposite.',
  },
  IST0129: { why: 'As IST0128.' },
  IST0130: { rules: ['vs-route-shadowed'] },
  IST0131: { rules: ['vs-route-shadowed'] },
  IST0132: { rules: ['vs-gateway-host'] },
  IST0133: { rules: ['istio-field-value'], left: "Warnings of istiod's webhook that are about style." },
  IST0134: { rules: ['se-no-address'] },
  IST0135: { rules: ['inject-annotation-deprecated'] },
  IST0136: { why: 'Annotations that everybody uses have been called alpha for years: nothing follows from it.' },
  IST0137: {
    why: 'Two ports of two Services may lead to one of a container; only different protocols clash (port-shared).',
  },
  IST0138: { rules: ['gateway-tls-twice'] },
  IST0139: { why: installation },
  IST0140: {
    why: 'Routes of sidecars are meant for sidecars; whoever wants them at the gateway names both in `gateways`.',
  },
  IST0141: { why: installation },
  IST0142: { why: installation },
  IST0143: { why: `Where an app listens is its own setting. ${liveOnly}` },
  IST0144: { rules: ['uid-1337'] },
  IST0145: { rules: ['gateway-tls-twice'], left: 'Hosts without TLS: their Gateways are merged.' },
  IST0146: { rules: ['proxy-image-auto'] },
  IST0147: { rules: ['proxy-image-auto'] },
  IST0148: { why: 'The census says it.' },
  IST0149: { why: "The RequestAuthentication of a gateway lies beside the gateway, which is not the app's." },
  IST0150: { rules: ['external-name'] },
  IST0151: { why: 'Order among EnvoyFilters: a matter of style as long as there is one.' },
  IST0152: {
    rules: ['envoyfilter-operation'],
    left: 'LISTENER_FILTER, for which Istio 1.31 has REPLACE (listener_patch.go).',
  },
  IST0153: {
    rules: ['envoyfilter-operation'],
    left: 'HTTP_ROUTE: istioctl says so, and Istio 1.31 does it all the same (rc_patch.go).',
  },
  IST0154: {
    rules: ['envoyfilter-operation'],
    left: 'HTTP_ROUTE: istioctl says so, and Istio 1.31 does it all the same (rc_patch.go).',
  },
  IST0155: { why: 'As IST0151.' },
  IST0156: { why: installation },
  IST0157: { why: 'Whether providers are missing is for the `defaultProviders` of the mesh to say.' },
  IST0158: { why: liveOnly },
  IST0159: { rules: ['telemetry-twice'] },
  IST0160: { rules: ['telemetry-twice'] },
  IST0161: { why: 'Secrets with private keys are not in the files, and should not be.' },
  IST0162: { rules: ['gateway-port'] },
  IST0163: { why: installation },
  IST0164: { why: installation },
  IST0165: { rules: ['vs-gateway-unknown'] },
  IST0166: { why: 'Istio makes the pods of such a Gateway itself: the files do not show which labels they have.' },
  IST0167: { why: 'About policies of ambient mode, whose waypoints these rules do not follow.' },
  IST0168: { why: 'About an upgrade of Istio, not about manifests.' },
  IST0169: { why: 'About an upgrade of Istio, not about manifests.' },
  IST0170: { why: 'Compares several clusters; each is checked by itself here.' },
  IST0171: { why: liveOnly },
  IST0172: { why: installation },
  IST0173: { rules: ['dr-subset-empty'] },
  IST0174: { rules: ['dr-host-unknown'] },
  IST0175: { why: installation },
  IST0176: { why: installation },
  IST0177: { rules: ['se-protocol-clash'] },
};
