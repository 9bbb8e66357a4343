import type { Dict } from '../check/read/values.ts';

/** How the files of mesh-shim come into a pod: by an init container, by an image volume, or with the app's own image. */
export const ways = ['init', 'volume', 'layer'] as const;
export type Way = (typeof ways)[number];

/** The volume that holds the files. */
export const volumeName = 'mesh-shim';
/** The init container that fills it. */
export const installerName = 'mesh-shim-install';
/** Where containers see it. */
export const mountPath = '/mesh-shim';
export const shimPath = `${mountPath}/mesh-shim`;
/** The file of the image layer. */
export const layerPath = '/mesh-shim';
export const preloadOption = `--import=${mountPath}/register.mjs`;
/** Says of a pod template what `wrap` has changed, so that it can be taken out again. */
export const wrappedAnnotation = 'mesh-shim/wrapped';

export const mount: Dict = { name: volumeName, mountPath, readOnly: true };

export function volume(way: Way, image: string): Dict {
  return way === 'init'
    ? { name: volumeName, emptyDir: { sizeLimit: '16Mi' } }
    : { name: volumeName, image: { reference: image, pullPolicy: 'IfNotPresent' } };
}

/** `anyUser`: OpenShift gives the pod a user of its namespace's range and refuses another one. */
export function installer(image: string, { anyUser }: { readonly anyUser: boolean }): Dict {
  return {
    name: installerName,
    image,
    args: ['install', '/target'],
    // Not /mesh-shim: the image has a file of that name, and no folder can be mounted over it.
    volumeMounts: [{ name: volumeName, mountPath: '/target' }],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      ...(anyUser ? {} : { runAsUser: 65_534 }),
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}
