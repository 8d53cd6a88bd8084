// What is known of the repository's files: their chunks by terms, their definitions by name, their paths.
// A file can be replaced and removed; nothing of it remains in what is found then.

import { ChunkIndex } from "./chunkIndex";
import { Packages } from "./imports/packages";
import { receivingType } from "./outline";
import { PackedFiles, type ParsedFile } from "./packedFiles";
import { PathIndex } from "./pathIndex";
import { countsOf, Postings } from "./postings";
import { nameHash } from "./terms";

export class Corpus {
  readonly paths = new PathIndex();
  readonly packages = new Packages();
  readonly chunks = new ChunkIndex();
  readonly #files = new PackedFiles();
  readonly #definitions = new Postings();
  /** Per file: its item among the definitions, and its chunks' items. */
  readonly #items = new Map<string, { definitions: number; chunks: number[] }>();
  readonly #definingPaths: string[] = [];

  set(path: string, file: ParsedFile): void {
    this.#remove(path);
    this.#files.set(path, file);
    this.paths.add(path);
    this.packages.set(path, file.lines);
    const definitions = this.#definitions.add(countsOf(namesOf(file)));
    this.#definingPaths[definitions] = path;
    const chunks = file.chunks.map((chunk) => this.chunks.add({ path, ...chunk }, file.lines));
    this.#items.set(path, { definitions, chunks });
    this.#sweepOn();
  }

  delete(path: string): void {
    this.#remove(path);
    this.#sweepOn();
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  file(path: string): ParsedFile | undefined {
    return this.#files.get(path);
  }

  touch(path: string): void {
    this.#files.touch(path);
  }

  /** The file that was neither changed nor touched for the longest time. */
  get oldest(): string | undefined {
    return this.#files.paths().next().value;
  }

  /** How many files define the name. */
  definitionCount(name: string): number {
    return this.#definitions.frequency(nameHash(name));
  }

  /** Of the files that define the name, those that are accepted. */
  pathsDefining(name: string, accept: (path: string) => boolean = () => true): string[] {
    return this.#pathsWith(nameHash(name), accept);
  }

  /** Of the files that have methods which stand outside of the type, those that are accepted. */
  pathsWithMethodsOf(type: string, accept: (path: string) => boolean): string[] {
    return this.#pathsWith(methodsHash(type), accept);
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** About. */
  get bytes(): number {
    const perFile = 700;
    return this.#files.bytes + this.chunks.bytes + this.#definitions.bytes + perFile * this.#files.size;
  }

  #pathsWith(hash: number, accept: (path: string) => boolean): string[] {
    const paths: string[] = [];
    this.#definitions.forEach(hash, (item) => {
      const path = this.#definingPaths[item]!;
      if (accept(path)) paths.push(path);
    });
    return paths.sort();
  }

  #remove(path: string): void {
    const items = this.#items.get(path);
    const file = this.#files.get(path);
    if (!items || !file) return;
    this.#definitions.remove(items.definitions, countsOf(namesOf(file)).keys());
    for (const item of items.chunks) this.chunks.remove(item, file.lines);
    this.#items.delete(path);
    this.#files.delete(path);
    this.paths.remove(path);
    this.packages.delete(path);
  }

  /** A step for each file, however many chunks it has. */
  #sweepOn(): void {
    this.chunks.sweepOn();
    this.#definitions.sweepOn();
  }
}

function namesOf(file: ParsedFile): number[] {
  return file.outline.flatMap((definition) => {
    const type = receivingType(definition);
    return type === undefined ? nameHash(definition.name) : [nameHash(definition.name), methodsHash(type)];
  });
}

/** No name has a bracket. */
function methodsHash(type: string): number {
  return nameHash(`(${type})`);
}
