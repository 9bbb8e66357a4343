import type { ErrorCodeRow } from '../shared/error-code-row.ts';

type Row = Pick<ErrorCodeRow, 'means' | 'remedy'>;

/** Why an image could not be read or written. Documentation is made from this table. */
export const imageErrorTable = {
  IMAGE_REFERENCE: {
    means: 'what was given is not the name of an image',
    remedy: 'write [HOST[:PORT]/]NAME[:TAG][@DIGEST], oci:FOLDER[:TAG] or archive:FILE[:TAG]',
  },
  IMAGE_NOT_FOUND: {
    means: 'there is no such repository, tag or digest',
    remedy:
      'look for a misspelt name or tag; some registries answer so where rights are missing: log in (docker login HOST)',
  },
  IMAGE_DENIED: {
    means: 'the registry does not allow this with these credentials, or without any',
    remedy:
      'log in with an account that may (docker login HOST), or point DOCKER_CONFIG to the folder of a config.json that holds one',
  },
  IMAGE_CREDENTIALS: {
    means: "Docker's config.json or one of its credential helpers cannot be used",
    remedy: 'mend the file or install the helper that the message names, or point DOCKER_CONFIG elsewhere',
  },
  IMAGE_UNREACHABLE: {
    means: 'no connection, no answer in time, or an answer that ended early',
    remedy:
      'look at the address, the network, the proxy (HTTPS_PROXY, NO_PROXY) and the certificate (NODE_EXTRA_CA_CERTS)',
  },
  IMAGE_NODE: {
    means: 'this Node is too old for the HTTP client that asks registries',
    remedy:
      'use a newer one (npx mesh-shim runs with the node on the PATH), or images in files: oci:FOLDER, archive:FILE',
  },
  IMAGE_REGISTRY: {
    means: 'the registry answered something that a registry must not answer, or failed',
    remedy: 'try again later; if it stays so, ask whoever runs the registry or the proxy before it',
  },
  IMAGE_DIGEST: {
    means: 'bytes came that are not those that their digest names: they are damaged or were changed on the way',
    remedy: 'do not use the image; look at the proxy or mirror on the way, and push the image again',
  },
  IMAGE_KIND: {
    means: 'it is no container image, or of a kind that is not read here',
    remedy: 'name an image; a very old one (schema 1) becomes a current one when it is pulled and pushed again',
  },
  IMAGE_PLATFORM: {
    means: 'there is no image for a platform that was asked for, or that mesh-shim has an executable for',
    remedy: 'name a platform that the message lists',
  },
  IMAGE_FILE: {
    means: 'a layout, an archive or an images file cannot be read or written, or is damaged',
    remedy: 'look at the path; make the file again',
  },
  IMAGE_COMMAND: {
    means: 'the image has nothing that could be started behind mesh-shim',
    remedy: 'name what it should start, or set `command` in the manifest',
  },
} as const satisfies Readonly<Record<string, Row>>;

export type ImageErrorCode = keyof typeof imageErrorTable;

/** An image could not be read or written; the message is one line and says what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;
  /** The image, as it was asked for. */
  readonly reference: string;

  /** @param advice what to do, where it is not what the table says */
  constructor(
    code: ImageErrorCode,
    reference: string,
    what: string,
    { advice, ...options }: ErrorOptions & { readonly advice?: string | undefined } = {},
  ) {
    super(`${reference}: ${what}; ${advice ?? imageErrorTable[code].remedy}`, options);
    this.code = code;
    this.reference = reference;
  }
}
