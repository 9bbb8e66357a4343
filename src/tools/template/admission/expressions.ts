/** The expressions of the policies, in CEL. Their lines are indented as they stand in the policy. */

/** The names of containers that stay as they are. */
export function skipExpression(except: readonly string[]): string {
  const names = ['istio-proxy', 'linkerd-proxy', ...except].map((name) => `'${name}'`).join(', ');
  return `[${names}] +
        (has(object.metadata.annotations) && 'mesh-shim/skip-containers' in object.metadata.annotations
          ? object.metadata.annotations['mesh-shim/skip-containers'].split(',').map(name, name.trim()) : [])`;
}

export const nodeOptionsExpression = `object.spec.containers.map(c, !has(c.env) ? [] :
          [c.env.transformList(j, e, e.name == 'NODE_OPTIONS', j)].map(places,
            size(places) == 0 ? [] : [places[size(places) - 1]])[0])`;

/** What a pod gets: the volume, and whoever fills it. */
export function podExpression(way: 'init' | 'volume'): string {
  return way === 'init' ? initContainer : imageVolume;
}

const imageVolume = `(
            has(object.spec.volumes) ? [] : [JSONPatch{op: 'add', path: '/spec/volumes', value: []}]
          ) + (
            has(object.spec.volumes) && object.spec.volumes.exists(v, v.name == 'mesh-shim') ? [] :
            [JSONPatch{op: 'add', path: '/spec/volumes/-', value: Object.spec.volumes{
              name: 'mesh-shim', image: Object.spec.volumes.image{reference: variables.image, pullPolicy: 'IfNotPresent'}
            }}]
          )`;

const initContainer = `(
            has(object.spec.volumes) ? [] : [JSONPatch{op: 'add', path: '/spec/volumes', value: []}]
          ) + (
            has(object.spec.volumes) && object.spec.volumes.exists(v, v.name == 'mesh-shim') ? [] :
            [JSONPatch{op: 'add', path: '/spec/volumes/-', value: Object.spec.volumes{
              name: 'mesh-shim', emptyDir: Object.spec.volumes.emptyDir{sizeLimit: '16Mi'}
            }}]
          ) + (
            has(object.spec.initContainers) ? [] : [JSONPatch{op: 'add', path: '/spec/initContainers', value: []}]
          ) + (
            has(object.spec.initContainers) && object.spec.initContainers.exists(c, c.name == 'mesh-shim-install') ? [] :
            [JSONPatch{op: 'add', path: '/spec/initContainers/0', value: Object.spec.initContainers{
              name: 'mesh-shim-install',
              image: variables.image,
              imagePullPolicy: 'IfNotPresent',
              args: ['install', '/target'],
              volumeMounts: [Object.spec.initContainers.volumeMounts{name: 'mesh-shim', mountPath: '/target'}],
              resources: Object.spec.initContainers.resources{
                requests: {'cpu': '10m', 'memory': '16Mi'}, limits: {'memory': '64Mi'}},
              securityContext: Object.spec.initContainers.securityContext{
                allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 65534,
                capabilities: Object.spec.initContainers.securityContext.capabilities{drop: ['ALL']},
                seccompProfile: Object.spec.initContainers.securityContext.seccompProfile{type: 'RuntimeDefault'}}
            }}]
          )`;

/** What each container gets: the mount, the preload and the wrapped command. */
export const containersExpression = `object.spec.containers.transformList(i, c, !(c.name in variables.skip),
            (
              has(c.volumeMounts) ? [] :
              [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/volumeMounts', value: []}]
            ) + (
              has(c.volumeMounts) && c.volumeMounts.exists(m, m.mountPath == '/mesh-shim') ? [] :
              [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/volumeMounts/-',
                value: Object.spec.containers.volumeMounts{name: 'mesh-shim', mountPath: '/mesh-shim', readOnly: true}}]
            ) + (
              has(c.env) ? [] : [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/env', value: []}]
            ) + (
              size(variables.nodeOptions[i]) == 0
              ? [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/env/-', value: Object.spec.containers.env{
                  name: 'NODE_OPTIONS', value: variables.preload + (has(c.envFrom) ? ' $(NODE_OPTIONS)' : '')}}]
              : has(c.env[variables.nodeOptions[i][0]].valueFrom)
              ? [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/env/-', value: Object.spec.containers.env{
                  name: 'NODE_OPTIONS', value: variables.preload + ' $(NODE_OPTIONS)'}}]
              : c.env[variables.nodeOptions[i][0]].?value.orValue('').split(' ').exists(word, word == variables.preload)
              ? []
              : [JSONPatch{op: 'add', path: '/spec/containers/' + string(i) + '/env/' + string(variables.nodeOptions[i][0]) + '/value',
                  value: (variables.preload + ' ' + c.env[variables.nodeOptions[i][0]].?value.orValue('')).trim()}]
            ) + (
              has(c.command) && size(c.command) > 0 && c.command[0] != '/mesh-shim/mesh-shim'
              ? [JSONPatch{op: 'replace', path: '/spec/containers/' + string(i) + '/command',
                  value: ['/mesh-shim/mesh-shim', '--'] + c.command}]
              : []
            )
          ).flatten()`;
