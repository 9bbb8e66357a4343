import { ImageError } from './image-error.ts';

/** Where an image is: in a registry, in a folder with the layout of OCI, or in a tar archive. */
export type ImageReference = RegistryReference | FileReference;

export interface RegistryReference {
  readonly kind: 'registry';
  /** As it was written. */
  readonly text: string;
  /** `docker.io`, `registry.example.com:5000`. */
  readonly host: string;
  /** `library/nginx`. */
  readonly repository: string;
  /** `latest` where neither tag nor digest was written. */
  readonly tag: string | undefined;
  /** Counts before the tag. */
  readonly digest: string | undefined;
}

export interface FileReference {
  /** `layout`: a folder. `archive`: a tar file of `docker save`, or of a layout. */
  readonly kind: 'layout' | 'archive';
  readonly text: string;
  readonly path: string;
  readonly tag: string | undefined;
}

// The grammar of https://github.com/distribution/reference (v0.6.0): regexp.go, normalize.go.
const tagForm = /^\w[\w.-]{0,127}$/;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryForm = new RegExp(`^${component}(?:/${component})*$`);
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const hostForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const digestForm = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const longestName = 255;

/** Where references without a host point to: so Docker reads them, and the kubelet after it. */
const defaultHost = 'docker.io';
const officialFolder = 'library';
const fileKinds = { oci: 'layout', archive: 'archive', 'oci-archive': 'archive', 'docker-archive': 'archive' } as const;

export function isDigest(text: string): boolean {
  return digestForm.test(text);
}

/**
 * Reads `[HOST[:PORT]/]NAME[:TAG][@DIGEST]` as Docker and the kubelet do, and `oci:FOLDER[:TAG]`, `archive:FILE[:TAG]`
 * (`oci-archive:` and `docker-archive:` are the same).
 *
 * @throws ImageError (IMAGE_REFERENCE) for anything else
 */
export function parseReference(text: string): ImageReference {
  const scheme = text.slice(0, Math.max(0, text.indexOf(':')));
  if (Object.hasOwn(fileKinds, scheme)) return parseFile(text, fileKinds[scheme as keyof typeof fileKinds]);
  return parseRegistryReference(text);
}

function parseFile(text: string, kind: FileReference['kind']): FileReference {
  const rest = text.slice(text.indexOf(':') + 1);
  // A path may have a colon; only what looks like a tag, behind the last one, is one.
  const [, path = '', tag] = /^(.+?)(?::([^:/\\]+))?$/.exec(rest) ?? [];
  if (path === '') throw refused(text, 'names no path');
  if (tag !== undefined && !tagForm.test(tag)) throw refused(text, `has the tag ${JSON.stringify(tag)}, which is none`);
  return { kind, text, path, tag };
}

/** @throws ImageError (IMAGE_REFERENCE) */
export function parseRegistryReference(text: string): RegistryReference {
  if (text.includes('://')) throw refused(text, 'is a URL; leave the scheme out');
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) {
    throw refused(text, `has a digest that is none (sha256: and 64 of 0-9a-f)`);
  }
  const slash = beforeDigest.indexOf('/');
  const first = beforeDigest.slice(0, Math.max(0, slash));
  const hasHost = /[.:A-Z]/.test(first) || first === 'localhost' || first.startsWith('[');
  const host = hasHost ? first : defaultHost;
  if (!hostForm.test(host)) throw refused(text, `has the host ${JSON.stringify(host)}, which is none`);
  const [name = '', tag, ...words] = (hasHost ? beforeDigest.slice(slash + 1) : beforeDigest).split(':');
  if (words.length > 0) throw refused(text, 'has more than one tag');
  if (tag !== undefined && !tagForm.test(tag)) throw refused(text, `has the tag ${JSON.stringify(tag)}, which is none`);
  return {
    kind: 'registry',
    text,
    ...normalized(text, host, name),
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

function normalized(text: string, host: string, name: string): { host: string; repository: string } {
  if (!repositoryForm.test(name)) {
    const lower = name.toLowerCase();
    throw refused(
      text,
      name === ''
        ? 'names no repository'
        : name !== lower && repositoryForm.test(lower)
          ? `has capital letters in its name; names are lower case: ${lower}`
          : `has the name ${JSON.stringify(name)}, which is none`,
    );
  }
  if (/^[0-9a-f]{64}$/.test(name)) throw refused(text, 'is the ID of an image on one machine, not a name');
  const isDefault = host === defaultHost || host === 'index.docker.io';
  const repository = isDefault && !name.includes('/') ? `${officialFolder}/${name}` : name;
  if (host.length + 1 + repository.length > longestName)
    throw refused(text, `is longer than ${longestName} characters`);
  return { host: isDefault ? defaultHost : host, repository };
}

function refused(text: string, what: string): ImageError {
  return new ImageError('IMAGE_REFERENCE', JSON.stringify(text), what);
}
