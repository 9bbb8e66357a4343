/** What an image says of how it is run: the part of its config that decides who starts first. */
export interface ImageConfig {
  /** As it was asked for: `registry.example.com/shop/web:1.4`. */
  readonly reference: string;
  /** Of the manifest of this platform: `sha256:...`; undefined from an images file that does not say it. */
  readonly digest: string | undefined;
  /** `linux`, `windows`. */
  readonly os: string;
  /** `amd64`, `arm64`; undefined from an images file that does not say it. */
  readonly architecture: string | undefined;
  /** ENTRYPOINT; undefined where there is none. */
  readonly entrypoint: readonly string[] | undefined;
  /** CMD: the entrypoint's arguments or, without an entrypoint, the command. Undefined where there is none. */
  readonly cmd: readonly string[] | undefined;
  /** USER; undefined where there is none: root. */
  readonly user: string | undefined;
  /** WORKDIR; undefined where there is none: `/`. */
  readonly workingDir: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** SHELL, of an image that sets one. */
  readonly shell: readonly string[] | undefined;
}

/** Which image of an index is read. */
export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
}

/** Where images are looked for, and how. */
export interface ImageAccess {
  /** The environment: DOCKER_CONFIG, HOME, XDG_CACHE_HOME and the proxies (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of a registry, what is asked before it, in order: `docker.io` -> [`mirror.example.com/docker-hub`]. */
  readonly mirrors?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Registries (`HOST` or `HOST:PORT`) that speak plain http; loopback addresses always do. */
  readonly plainHttp?: readonly string[] | undefined;
  /** How long a registry may be silent: before it answers, and in the middle of an answer. Default: 30 s. */
  readonly timeoutMs?: number | undefined;
}

export interface ReadImageOptions extends ImageAccess {
  /** Of an index, the image of this platform. Default: the first there is of linux/amd64, linux/arm64, any Linux, any. */
  readonly platform?: ImagePlatform | undefined;
  /** Keep in this folder what is named by its digest; false: nowhere. Default: `mesh-shim/images` in XDG_CACHE_HOME or ~/.cache. */
  readonly cache?: string | false | undefined;
}

export interface ReadImagesOptions extends ReadImageOptions {
  /** How many are read at a time. Default: 8. */
  readonly parallel?: number | undefined;
  /** Told whenever one has been read, or could not be. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}
