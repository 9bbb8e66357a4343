import { preloads } from '../../wrap/plan.ts';
import { ways } from '../../wrap/pod-parts.ts';
import { checkOptions } from '../check/check-options.ts';
import { registryOptions } from '../registry-options.ts';
import type { OptionSpec } from '../tool.ts';

export const wrapFormats = ['table', 'diff', 'json', 'yaml'] as const;

/** What of `check` says how files are read, and what the cluster is like. */
const readingFlags = ['exclude', 'render', 'no-gitignore', 'config', 'profile'];
const lastOwnFlag = checkOptions.findIndex(({ flag }) => flag === 'profile');

export const wrapOptions: readonly OptionSpec[] = [
  {
    flag: 'way',
    value: ways.join('|'),
    default: 'init',
    text: 'how the files of mesh-shim come into pods: an init container, an image volume, or a layer that the image has already',
  },
  { flag: 'image', value: 'IMAGE', text: 'image of mesh-shim, for init and volume' },
  { flag: 'write', short: 'w', text: 'change the files in place' },
  { flag: 'kustomize', value: 'DIR', text: 'write the changes into this folder as a component of Kustomize' },
  { flag: 'undo', text: 'take out what wrap has put in' },
  {
    flag: 'format',
    value: wrapFormats.join('|'),
    default: 'table',
    text: 'what to print: a table, the changes as diff -u, everything as JSON, or the changed manifests',
  },
  { flag: 'verbose', short: 'v', text: 'list every workload' },
  { flag: 'images', value: 'FILE', text: 'what images run, instead of asking their registries' },
  { flag: 'list-images', text: 'print the images whose start must be known, as a file for --images' },
  {
    flag: 'image-source',
    value: 'IMAGE=SOURCE',
    list: true,
    text: 'where an image can be read instead of its registry: oci:FOLDER[:TAG], archive:FILE[:TAG] or another name',
  },
  { flag: 'offline', text: 'ask no registry: only --images and files tell what images run' },
  ...registryOptions,
  {
    flag: 'preload',
    value: preloads.join('|'),
    default: 'never',
    text: 'set NODE_OPTIONS instead of the command: where the start is not known, or where it is node',
  },
  {
    flag: 'quit-after',
    value: 'CONTAINERS',
    default: 'none',
    list: true,
    text: 'in Jobs of several containers: those after whose end the sidecar is told to quit',
  },
  ...checkOptions.filter(({ flag }, index) => readingFlags.includes(flag) || index > lastOwnFlag),
];
