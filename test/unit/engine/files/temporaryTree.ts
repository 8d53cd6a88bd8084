// A folder on disk, as a test writes it down.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadRules, type ReadRules, type RuleOptions } from "../../../../src/engine/files/readRules";

export type Tree = Readonly<Record<string, string | Buffer>>;

export class TemporaryTree {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "griffin-")));

  constructor(tree: Tree = {}) {
    this.add(tree);
  }

  add(tree: Tree): void {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(dirname(this.at(path)), { recursive: true });
      writeFileSync(this.at(path), content);
    }
  }

  at(path: string): string {
    return join(this.path, path);
  }

  empty(): void {
    this.remove();
    mkdirSync(this.path);
  }

  /** Rules that know nothing of this machine's settings. */
  rules(options: RuleOptions = {}, folder = ""): Promise<ReadRules> {
    return loadRules(this.at(folder), { globalExcludesPath: this.at("no such file"), ignoreCase: false, ...options });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
