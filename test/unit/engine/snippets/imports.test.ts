// From an import statement to the file it means, in every language: one line each.

import assert from "node:assert/strict";
import { ImportScope } from "../../../../src/engine/snippets/imports/importScope";
import { Packages } from "../../../../src/engine/snippets/imports/packages";
import { importsIn } from "../../../../src/engine/snippets/imports/parse";
import { resolveImport } from "../../../../src/engine/snippets/imports/resolve";
import { LANGUAGES, languageOf } from "../../../../src/engine/snippets/languages";
import { PathIndex } from "../../../../src/engine/snippets/pathIndex";

/** The live file, its text, the files there are those it imports with the names it takes, and the texts of manifests. */
type Case = readonly [
  from: string,
  text: string,
  files: string,
  expected: string,
  manifests?: Readonly<Record<string, string>>,
];

const CASES: readonly Case[] = [
  ["src/a.ts", 'import { b, c as d } from "./b";', "src/b.ts lib/b.ts", "src/b.ts(b,c)"],
  ["src/a.ts", 'import type { B } from "../lib/b.js";', "lib/b.ts", "lib/b.ts(B)"],
  ["src/a.ts", 'import React, { useState } from "react";', "src/b.ts", ""],
  ["src/a.ts", 'import B, {\n  type C,\n  d,\n} from "./b";', "src/b/index.tsx", "src/b/index.tsx(B,C,d)"],
  ["src/a.ts", 'import * as b from "@/lib/b";', "app/lib/b.ts", "app/lib/b.ts()"],
  ["p/app/src/a.ts", 'import { b } from "@scope/core";', "p/core/src/index.ts", "p/core/src/index.ts(b)"],
  ["a.js", 'const { b } = require("./b");\nconst c = require("./c");', "b.js c.js", "b.js(b) c.js(c)"],
  ["a.ts", 'export { b } from "./b";', "b.ts", "b.ts(b)"],
  ["src/A.vue", '<script setup lang="ts">\nimport B from "./B.vue";\n</script>', "src/B.vue", "src/B.vue(B)"],
  ["src/A.vue", '<script>\nimport B from "@/lib/B.vue";\n</script>', "src/lib/B.vue src/B.vue", "src/lib/B.vue(B)"],
  ["src/a.ts", 'import B from "./B.svelte";', "src/B.svelte", "src/B.svelte(B)"],
  ["src/A.svelte", '<script>\n  import { b } from "$lib/b";\n</script>', "src/lib/b.ts", "src/lib/b.ts(b)"],
  ["src/A.astro", '---\nimport B from "../B.astro";\n---\n<B />', "B.astro", "B.astro(B)"],
  ["src/a.ts", 'import B from "@/lib/Button";', "src/lib/Button.css src/lib/Button.tsx", "src/lib/Button.tsx(B)"],
  [
    "app/a.ts",
    'import { C } from "@app/cart/c.component";',
    "app/cart/c.component.css cart/c.component.ts",
    "cart/c.component.ts(C)",
  ],
  ["p/app/a.ts", 'import { b } from "core";', "p/app/core.md p/core/src/index.ts", "p/core/src/index.ts(b)"],
  ["app/a.py", "from lib.config import c", "app/lib/config.json lib/config.py", "lib/config.py(c)"],
  ["src/a.ts", 'import { b } from "@/lib/b.js";', "src/lib/b.ts", "src/lib/b.ts(b)"],
  ["src/a.ts", 'import { b } from "#lib/b.js";', "b.ts src/lib/b.ts", "src/lib/b.ts(b)"],
  ["src/a.ts", 'import { b } from "@components";', "src/components/index.ts", "src/components/index.ts(b)"],
  ["src/a.ts", 'import { b } from "./b.cjs";', "src/b.cts", "src/b.cts(b)"],
  ["src/a.js", 'const b = require("..");', "index.js", "index.js(b)"],
  [
    "src/a.ts",
    'import { b } from ".";\nimport { c } from "..";',
    "src/index.ts index.ts",
    "src/index.ts(b) index.ts(c)",
  ],
  ["src/a.ts", 'import path from "path";\nimport fs from "node:fs";', "src/path.ts src/fs/index.ts", ""],
  ["p/app/a.ts", 'import { b } from "@x/core/utils";', "p/core/src/utils.ts p/app/utils.ts", "p/core/src/utils.ts(b)"],
  ["p/app/src/a.ts", 'import { b } from "@x/ui";', "p/ui/index.ts p/app/src/ui.ts", "p/ui/index.ts(b)"],
  [
    "p/app/a.ts",
    'import { b } from "@x/core";\nimport { c } from "@x/core/c.js";\nimport { d } from "events";',
    "p/heart/src/index.ts p/heart/lib/c.ts p/core/index.ts p/events/index.ts",
    "p/heart/src/index.ts(b) p/heart/lib/c.ts(c) p/events/index.ts(d)",
    { "p/heart/package.json": '{\n  "name": "@x/core"\n}', "p/events/package.json": '{ "name": "events" }' },
  ],
  ["src/a.ts", 'import {\n  // it\'s "b"\n  b, // don\'t;\n  c,\n} from "./b";', "src/b.ts", "src/b.ts(b,c)"],
  [
    "src/a.ts",
    'import b = require("./b");\nconst { c } = await import("./c");',
    "src/b.ts src/c.ts",
    "src/b.ts(b) src/c.ts(c)",
  ],
  ["app/a.py", "from .b import (  # (all)\n    c,  # (old)\n    d,\n)", "app/b.py", "app/b.py(c,d)"],
  ["app/a.py", "from .b import c, \\\n    d  # e\nimport f", "app/b.py", "app/b.py(c,d)"],
  ["a/a.go", 'import (\n\t"fmt" // (x)\n\t// (old)\n\t"me/b"\n)', "b/c.go", "b/c.go()"],
  [
    "a.php",
    "use Me\\Cart, Me\\Item as I,\n    Me\\Shop;",
    "Cart.php Item.php Shop.php",
    "Cart.php(Cart) Item.php(Item) Shop.php(Shop)",
  ],
  ["app/x/a.py", "from .b import c, d as e", "app/x/b.py b.py", "app/x/b.py(c,d)"],
  ["app/x/a.py", "from ..b import (\n    c,\n    d,\n)", "app/b.py", "app/b.py(c,d)"],
  ["app/a.py", "from lib.b import c", "src/lib/b.py other/b.py", "src/lib/b.py(c)"],
  ["app/a.py", "from app import b", "app/b.py app/__init__.py", "app/b.py(b) app/__init__.py(b)"],
  ["app/a.py", "import lib.b as b, os", "lib/b.py", "lib/b.py()"],
  ["app/a.py", "import logging, json\nfrom typing import Any", "app/core/logging.py lib/json.py app/x/typing.py", ""],
  ["app/x/a.py", "import logging", "app/x/logging.py app/x/__init__.py", ""],
  ["tests/a.py", "import helpers", "scripts/helpers.py scripts/b.py", "scripts/helpers.py()"],
  ["tests/a.py", "from helpers import b", "scripts/x/helpers.py scripts/x/__init__.py", ""],
  ["tests/a.py", "from email import message\nimport queue", "app/email/__init__.py app/queue.py", ""],
  ["tools/a.py", "import logging", "tools/logging.py", "tools/logging.py()"],
  ["t/a.py", "from lib import C, d", "src/lib/__init__.py src/lib/d.py", "src/lib/d.py(C,d) src/lib/__init__.py(C,d)"],
  [
    "p/a/a/x.py",
    "from b import C\nfrom b.c import d",
    "p/b/b/__init__.py p/b/b/c.py",
    "p/b/b/__init__.py(C) p/b/b/c.py(d)",
  ],
  ["app/a.py", "from lib.b import c", "app/lib/b.py app/__init__.py lib/b.py", "lib/b.py(c)"],
  [
    "cmd/a.go",
    'import (\n\t"fmt"\n\tx "host.org/me/pkg/b"\n)',
    "pkg/b/c.go pkg/b/d.go b/e.go",
    "pkg/b/c.go() pkg/b/d.go()",
  ],
  ["cmd/a.go", 'import "me/b"', "b/c.go", "b/c.go()"],
  ["a/a.go", 'import "host.org/me/b"', "b/c.go b/c_test.go", "b/c.go()"],
  ["a/a.go", 'import (\n\t"log"\n\t"host.org/x/errors"\n)', "pkg/log/a.go pkg/errors/b.go", ""],
  ["a/a.go", 'import (\n\t"log"\n\t"host.org/x/log"\n)', "log/a.go x/log/b.go", "", { "go.mod": "module me.org/x" }],
  [
    "a/a.go",
    'import (\n\t"me/log"\n\t"me"\n\t"you/v2/b"\n)',
    "srv/log/a.go log/a.go srv/b.go you/b/c.go",
    "srv/log/a.go() srv/b.go() you/b/c.go()",
    { "srv/go.mod": "// me\nmodule me\n\ngo 1.22", "you/go.mod": 'module "you/v2"' },
  ],
  ["a/a.go", 'import "host.org/me/b"', "b/c.go", "b/c.go()", { "docs/sample/go.mod": "module sample" }],
  [
    "crates/a/src/main.rs",
    "use grep_b::C;",
    "crates/b/src/lib.rs",
    "crates/b/src/lib.rs(C)",
    { "fuzz/Cargo.toml": '[package]\nname = "fuzz"\n' },
  ],
  ["src/main.rs", "use crate::b::{C, d::E as F};", "src/b.rs src/b/d.rs", "src/b.rs(C) src/b/d.rs(E)"],
  [
    "src/main.rs",
    "use crate::{a::{self, B}, c::*, d::{E, f::G}};",
    "src/a.rs src/c.rs src/d.rs src/d/f.rs",
    "src/a.rs() src/a.rs(B) src/c.rs() src/d.rs(E) src/d/f.rs(G)",
  ],
  ["src/main.rs", "use crate::b\n  pub use crate::b::C;", "src/b.rs", "src/b.rs(C)"],
  ["src/main.rs", "mod b;\npub mod c;", "src/b.rs src/c/mod.rs", "src/b.rs() src/c/mod.rs()"],
  ["src/net/http.rs", "use crate::error::Error;", "src/net/error.rs src/error.rs", "src/error.rs(Error)"],
  ["src/a.rs", "use crate::b::C;\nmod d;", "src/in/b.rs x/d.rs src/lib.rs", "src/in/b.rs(C)"],
  ["src/a/b/c.rs", "use super::super::d::E;", "src/a/d.rs src/d.rs src/a/b/d.rs", "src/a/d.rs(E)"],
  ["src/a/c.rs", "use super::d;\nuse super::F;", "src/c/d.rs src/a/d.rs src/a.rs", "src/a/d.rs(d) src/a.rs(F)"],
  ["src/a.rs", "use super::*;\nuse self::b::C;", "src/lib.rs src/b.rs src/a/b.rs", "src/a/b.rs(C)"],
  ["src/a.rs", "use crate::Config;\nuse crate::b::Kind::C;", "src/lib.rs src/b.rs", "src/lib.rs(Config) src/b.rs(C)"],
  ["tests/a.rs", "mod common;\nuse b::c::D;", "tests/common/mod.rs src/c.rs", "tests/common/mod.rs()"],
  [
    "tests/a.rs",
    "use my_b::c::D;\nuse core::fmt;\nuse log::{info, Level};\nuse in_c::E;",
    "src/c.rs src/lib.rs core/src/lib.rs src/log.rs src/fmt.rs crates/x/src/main.rs",
    "src/c.rs(D) crates/x/src/main.rs(E)",
    {
      "Cargo.toml": '[workspace]\nmembers = []\n\n[package]\nedition = "2021"\nname = "my-b"\n',
      "crates/x/Cargo.toml": '[package]\nname = "in_c"\n\n[[bin]]\nname = "core"\n',
    },
  ],
  ["crates/a/src/main.rs", "use grep_b::C;", "crates/b/src/lib.rs", "crates/b/src/lib.rs(C)"],
  ["s/A.java", "import org.me.b.C;\nimport java.util.List;", "s/org/me/b/C.java x/C.java", "s/org/me/b/C.java(C)"],
  ["s/A.java", "import static org.me.C.d;", "s/org/me/C.java", "s/org/me/C.java(d)"],
  ["s/A.java", "import static org.me.C.*;", "s/org/me/C.java", "s/org/me/C.java()"],
  ["s/A.java", "import org.me.*;", "s/org/me/C.java s/org/me/D.java", "s/org/me/C.java() s/org/me/D.java()"],
  ["src/a.c", '#include "b.h"\n#include <stdio.h>', "src/b.h src/b.c include/b.h", "src/b.h()"],
  ["src/a.cc", '#include "lib/b.h"', "x/lib/b.h", "x/lib/b.h()"],
  ["a.c", '#include "/b.h"', "b.h", "b.h()"],
  ["A.cs", "using System;\nusing Me.Carts;", "src/Carts/B.cs", "src/Carts/B.cs()"],
  ["A.cs", "using System.Text;\nusing Microsoft.Me.Log;", "src/Text/B.cs src/Log/C.cs", ""],
  [
    "Me.Shop/A.cs",
    "using Me.Cart;\nusing Me.Cart.Api;",
    "src/Me.Cart/B.cs Me.Shop/Api/C.cs src/Me.Cart/Api/D.cs",
    "src/Me.Cart/B.cs() src/Me.Cart/Api/D.cs()",
  ],
  ["A.cs", "using System.Text;", "src/System/Text/B.cs", "src/System/Text/B.cs()"],
  ["lib/a.rb", 'require_relative "x/b"\nrequire "json"', "lib/x/b.rb", "lib/x/b.rb()"],
  ["app/a.rb", 'require "me/b"', "lib/me/b.rb", "lib/me/b.rb()"],
  ["app/a.rb", 'require ( "me/b")', "lib/me/b.rb", "lib/me/b.rb()"],
  ["a.php", "use Me\\Carts\\Cart as C;", "src/Carts/Cart.php", "src/Carts/Cart.php(Cart)"],
  ["a.php", "use Me\\Carts\\{Cart, Item};", "src/Cart.php src/Item.php", "src/Cart.php(Cart) src/Item.php(Item)"],
  ["x/a.php", "require_once __DIR__ . '/b.php';", "x/b.php", "x/b.php()"],
];

/** The live file, its text, and for each statement what the file calls otherwise: `own=name`, and `own=*` for the whole module. */
const ALIASES: readonly (readonly [from: string, text: string, expected: string])[] = [
  ["a.ts", 'import { a, /* x: y */ b as c } from "./b";', "c=b"],
  ["a.js", 'const h = require("./helpers");', "h=*"],
  ["a.js", 'const { b: c } = require("./helpers");', "c=b"],
  ["a.rs", "use crate::net::{self as n, Conn as C};", "n=*; C=Conn"],
  ["a.rs", "use crate::net::{self};", ""],
  ["a.php", "use Me\\{A as B, C, D as E};", "B=A; ; E=D"],
];

describe("imports", () => {
  for (const [from, text, expected] of ALIASES) {
    it(`${from}: ${text}`, () => {
      const statements = importsIn(languageOf(from)!.family, text);
      const found = statements.map(({ aliases }) => [...aliases!].map((pair) => pair.join("=")).join(" "));
      assert.equal(found.join("; "), expected);
    });
  }

  for (const [from, text, files, expected, manifests = {}] of CASES) {
    it(`${from}: ${[text, ...Object.keys(manifests)].join(" ").replaceAll(/\s+/g, " ")}`, () => {
      const paths = new PathIndex();
      for (const path of files.split(" ")) paths.add(path);
      const { family } = languageOf(from)!;
      const packages = new Packages();
      for (const [path, manifest] of Object.entries(manifests)) packages.set(path, manifest.split("\n"));
      const scope = new ImportScope(from, { paths, packages }, (path) => languageOf(path)?.family === family);
      const found = importsIn(family, text).flatMap((statement) =>
        resolveImport(family, statement, scope).map((path) => `${path}(${statement.names.join(",")})`),
      );
      assert.equal(found.join(" "), expected);
    });
  }

  it("have a case in each family of languages", () => {
    const tested = new Set(CASES.map(([from]) => languageOf(from)!.family));
    for (const { family } of LANGUAGES) assert.ok(tested.has(family), family);
  });

  it("of a package whose manifest is removed, or names it otherwise, are not found any more", () => {
    const packages = new Packages();
    packages.set("p/go.mod", ["module me"]);
    packages.set("q/go.mod", ["module me"]);
    assert.deepEqual(packages.find("go.mod", "me/b", "q/a.go"), { folder: "q", rest: "b" });
    packages.set("q/go.mod", ["module you"]);
    assert.deepEqual(packages.find("go.mod", "me/b", "q/a.go"), { folder: "p", rest: "b" });
    packages.delete("p/go.mod");
    assert.equal(packages.find("go.mod", "me/b", "q/a.go"), undefined);
    assert.ok(packages.hasAround("q/b/a.go", "go.mod"));
    packages.delete("q/go.mod");
    assert.ok(!packages.hasAround("q/b/a.go", "go.mod"));
  });

  it("of a name that very many folders have are looked for in the nearest ones", () => {
    const paths = new PathIndex();
    for (let part = 0; part < 500; part++) paths.add(`p${part}/utils/b.ts`);
    let lookups = 0;
    const counted = {
      has(path: string): boolean {
        lookups++;
        return path === "";
      },
    };
    const scope = new ImportScope(
      "p1/a.ts",
      { paths: Object.assign(paths, counted), packages: new Packages() },
      () => true,
    );
    for (const module of ["@x/utils", "utils"]) resolveImport("javascript", { module, names: [] }, scope);
    assert.ok(lookups < 2_000, `${lookups} lookups`);
  });

  it("of a file that is removed are not found any more", () => {
    const paths = new PathIndex();
    paths.add("p/lib/b.ts");
    paths.add("p/lib/c.ts");
    paths.remove("p/lib/b.ts");
    assert.deepEqual(paths.endingWith("lib/b", "a.ts"), []);
    assert.deepEqual(paths.inFolder("p/lib"), ["p/lib/c.ts"]);
    assert.deepEqual(paths.inFolder("p"), []);
    assert.deepEqual(paths.foldersEndingWith("p", "a.ts"), ["p"]);
    paths.remove("p/lib/c.ts");
    assert.deepEqual(paths.foldersEndingWith("lib", "a.ts"), []);
    assert.deepEqual(paths.foldersEndingWith("p", "a.ts"), []);
  });
});
