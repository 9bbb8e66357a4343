import { allDirectives, expand, isLocal, readUpstreams, readVariables } from './nginx-values.ts';
import { type Directive, parseNginx, type Word } from './parse-nginx.ts';

/** What must change in a text, so that nginx speaks HTTP/1.1. */
export type NginxEdit =
  /** The version that is said, and is an old one. */
  | { readonly replace: Word }
  /** In front of this directive the version is to be said. */
  | { readonly before: number };

/** Proxying by HTTP/1.0 in one file. */
export interface Http10File {
  readonly edits: readonly NginxEdit[];
  /** Whether the edits are right whatever other files say: nothing is included where a version is added. */
  readonly sure: boolean;
}

interface Level {
  /** Undefined for the file itself. */
  readonly of: Directive | undefined;
  readonly directives: readonly Directive[];
}

/** Where proxy_http_version may not stand. Source: ngx_http_proxy_module's documentation ("Context: http, server, location"). */
const noPlace: readonly (string | undefined)[] = ['if', 'limit_except'];
const versionDirective = 'proxy_http_version';

/**
 * Where the configuration of one nginx, file by file, proxies by HTTP/1.0 to something that is not in its own pod. A
 * directive holds in the levels below that do not have it themselves.
 */
export function http10Passes(files: ReadonlyMap<string, string>): ReadonlyMap<string, Http10File> {
  const parsed = new Map(
    [...files].flatMap(([name, text]) => {
      const directives = parseNginx(text);
      return directives === undefined ? [] : [[name, directives] as const];
    }),
  );
  const all = [...parsed.values()].flat();
  const includes = [...parsed].flatMap(([file, directives]) => includesIn(file, [{ of: undefined, directives }]));
  const scope: Scope = { parsed, includes, variables: readVariables(all), upstreams: readUpstreams(all) };
  const found = new Map<string, Http10File>();
  for (const [name, directives] of parsed) {
    const file = new FileReader(scope, name).read(directives);
    if (file.edits.length > 0) found.set(name, file);
  }
  return found;
}

interface Scope {
  readonly parsed: ReadonlyMap<string, readonly Directive[]>;
  readonly includes: readonly Include[];
  readonly variables: ReadonlyMap<string, readonly string[]>;
  readonly upstreams: ReadonlyMap<string, readonly string[]>;
}

/** A place where a file includes others. */
interface Include {
  readonly file: string;
  readonly levels: readonly Level[];
  readonly matches: (file: string) => boolean;
}

function includesIn(file: string, levels: readonly Level[]): Include[] {
  const directives = levels.at(-1)?.directives ?? [];
  return directives.flatMap((directive): Include[] => {
    if (directive.block !== undefined)
      return includesIn(file, [...levels, { of: directive, directives: directive.block }]);
    // Where the pod mounts a file the configuration does not say; what it is called is enough.
    const pattern = directive.name === 'include' ? directive.words[0]?.text.split('/').at(-1) : undefined;
    return pattern === undefined ? [] : [{ file, levels, matches: (name) => matchesGlob(name, pattern) }];
  });
}

function matchesGlob(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.length === 1 ? '' : (parts.at(-1) ?? '');
  return parts.length === 1 ? name === pattern : name.startsWith(first) && name.endsWith(last);
}

class FileReader {
  readonly #scope: Scope;
  readonly #edits: NginxEdit[] = [];
  /** The levels to which a version is added. */
  readonly #said = new Set<Level['directives']>();
  readonly #file: string;
  #sure = true;

  constructor(scope: Scope, file: string) {
    this.#scope = scope;
    this.#file = file;
  }

  read(directives: readonly Directive[]): Http10File {
    this.#walk([{ of: undefined, directives }]);
    return { edits: this.#edits, sure: this.#sure };
  }

  /** The passes of a level before those of the levels in it, which inherit what is said here. */
  #walk(levels: readonly Level[]): void {
    const directives = levels.at(-1)?.directives ?? [];
    for (const directive of directives) {
      if (directive.name === 'proxy_pass' && this.#leavesPod(directive)) this.#judge(directive, levels);
    }
    for (const directive of directives) {
      if (directive.block !== undefined) this.#walk([...levels, { of: directive, directives: directive.block }]);
    }
  }

  #leavesPod({ words }: Directive): boolean {
    const { variables, upstreams } = this.#scope;
    return expand(words[0]?.text ?? '', variables).some((target) => {
      const address = /^http:\/\/([^/]*(?:\/.*)?)$/i.exec(target)?.[1];
      if (address === undefined) return false;
      const servers = upstreams.get(address.replace(/\/.*$/, ''));
      return servers === undefined ? !isLocal(address) : servers.length === 0 || !servers.every(isLocal);
    });
  }

  #judge(pass: Directive, levels: readonly Level[]): void {
    const version = this.#versionAt(levels) ?? this.#inherited(this.#file, []);
    if (version === 'new') return;
    if (version !== undefined) {
      // An old version of another file is overruled here.
      const isOwn = [...allDirectives(this.#scope.parsed.get(this.#file) ?? [])].some(
        ({ words }) => words[0] === version,
      );
      const isKnown = this.#edits.some((edit) => 'replace' in edit && edit.replace === version);
      if (isOwn && !isKnown) this.#edits.push({ replace: version });
      if (isOwn) return;
    }
    const place = levels.findLastIndex(({ of }) => !noPlace.includes(of?.name));
    const level = levels[place];
    if (level === undefined) return;
    this.#said.add(level.directives);
    this.#edits.push({ before: (levels[place + 1]?.of ?? pass).start });
    if (level.of === undefined || level.directives.some(({ name }) => name === 'include')) this.#sure = false;
  }

  /** The nearest version that is said: the word of an old one, `new`, or undefined where the default holds. */
  #versionAt(levels: readonly Level[]): Word | 'new' | undefined {
    for (const { directives } of levels.toReversed()) {
      if (this.#said.has(directives)) return 'new';
      const own = directives.find(({ name }) => name === versionDirective)?.words[0];
      if (own !== undefined) return own.text === '1.0' ? own : 'new';
      if (directives.some((directive) => this.#includesVersion(directive))) return 'new';
    }
    return undefined;
  }

  /** What holds in a file for the places that include it. */
  #inherited(file: string, through: readonly string[]): Word | 'new' | undefined {
    if (through.includes(file)) return undefined;
    const places = this.#scope.includes.filter((include) => include.matches(file) && include.file !== file);
    if (places.length === 0) return this.#besideVersion(file);
    return places
      .map((place) => this.#versionAt(place.levels) ?? this.#inherited(place.file, [...through, file]))
      .find((version) => version !== undefined);
  }

  /** Files that none of these includes are in http, as those of conf.d: what one says at its top holds for the others. */
  #besideVersion(file: string): Word | 'new' | undefined {
    const { parsed, includes } = this.#scope;
    const others = [...parsed].filter(
      ([name, directives]) =>
        name !== file &&
        !includes.some((include) => include.matches(name)) &&
        !directives.some((directive) => ['location', 'proxy_pass', 'http'].includes(directive.name)),
    );
    return others
      .map(([, directives]) => this.#versionAt([{ of: undefined, directives }]))
      .find((version) => version !== undefined);
  }

  /** Whether a file that is included here, and is known, says a version. */
  #includesVersion({ name, words }: Directive): boolean {
    const file = name === 'include' ? words[0]?.text.split('/').at(-1) : undefined;
    return file !== undefined && (this.#scope.parsed.get(file) ?? []).some((own) => own.name === versionDirective);
  }
}
