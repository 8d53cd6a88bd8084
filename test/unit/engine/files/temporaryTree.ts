// A folder on disk, as a test writes it down.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadRules, type ReadRules, type RuleOptions } from "../../../../src/engine/files/readRules";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

export type Tree = Readonly<Record<string, string | Buffer>>;

/** An empty one for each test of the suite, or one for all of them. */
export function useTemporaryTree(of?: Parameters<typeof useTemporaryFolder>[0]): TemporaryTree {
  return new TemporaryTree(useTemporaryFolder(of));
}

class TemporaryTree {
  constructor(private readonly folder: ReturnType<typeof useTemporaryFolder>) {}

  get path(): string {
    return this.folder();
  }

  add(tree: Tree): void {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(dirname(this.at(path)), { recursive: true });
      writeFileSync(this.at(path), content);
    }
  }

  at(path: string): string {
    return this.folder(path);
  }

  empty(): void {
    rmSync(this.path, { recursive: true });
    mkdirSync(this.path);
  }

  /** Rules that know nothing of this machine's settings. */
  rules(options: RuleOptions = {}, folder = ""): Promise<ReadRules> {
    return loadRules(this.at(folder), { globalExcludesPath: this.at("no such file"), ignoreCase: false, ...options });
  }
}
