import { relative } from 'node:path';
import type { SkippedDocument, UnreadDocument } from '../../../check/read/left-out.ts';
import type { ManifestSource } from '../../../check/read/manifest.ts';
import { onOneLine } from '../../one-line.ts';
import { readText } from './file-text.ts';

/** What the paths of a command line gave. */
export interface ReadSources {
  readonly sources: readonly ManifestSource[];
  /** What could not be read, and should be. */
  readonly unread: readonly UnreadDocument[];
  /** What was left out, and why. */
  readonly skipped: readonly SkippedDocument[];
  /** What the user should know about how they were read. */
  readonly notes: readonly string[];
}

/** Where a file goes, and what it gets there. */
export type SourcePlace = Pick<ManifestSource, 'world' | 'namespaceOverride'>;

/** Reads each file once, however many worlds it goes to, and names what it cannot read. */
export class Collected implements ReadSources {
  readonly sources: ManifestSource[] = [];
  readonly unread: UnreadDocument[] = [];
  readonly skipped: SkippedDocument[] = [];
  readonly notes: string[] = [];
  readonly #cwd: string;
  readonly #texts = new Map<string, string | undefined>();
  readonly #placed = new Set<string>();
  readonly #said = new Set<string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** `real`: without links, so that no world gets a file twice. `named`: by the user, and then it may be a pipe. */
  addFile(path: string, real: string, place: SourcePlace, named = false): void {
    const placed = `${place.world ?? ''}\0${real}`;
    if (this.#placed.has(placed)) return;
    this.#placed.add(placed);
    const name = this.name(path);
    if (/\p{Cc}/u.test(path)) {
      this.cannotRead(name, 'its name has a control character; rename it');
      return;
    }
    if (!this.#texts.has(real)) this.#texts.set(real, this.#read(path, name, named));
    const text = this.#texts.get(real);
    if (text !== undefined) this.addText(name, text, place);
  }

  addText(name: string, text: string, place: SourcePlace): void {
    this.sources.push({ name, text, ...place });
  }

  /** `line`: where it is asked for, in a file that names it. */
  cannotRead(file: string, message: string, line = 1): void {
    if (this.#isNew(file, message)) this.unread.push({ file, line, column: 1, message });
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  leaveOut(file: string, reason: string): void {
    if (this.#isNew(file, reason)) this.skipped.push({ file, line: 1, reason });
  }

  /** As people write a path: from the working folder, where it is below. What steers a terminal is shown, not sent. */
  name(path: string): string {
    const near = relative(this.#cwd, path);
    return onOneLine(near.startsWith('..') ? path : near || '.');
  }

  #isNew(file: string, why: string): boolean {
    const known = this.#said.size;
    return this.#said.add(`${file}\0${why}`).size > known;
  }

  #read(path: string, name: string, named: boolean): string | undefined {
    const read = readText(path, named);
    if ('text' in read) return read.text;
    if ('reason' in read) this.leaveOut(name, read.reason);
    else this.cannotRead(name, read.message);
    return undefined;
  }
}
