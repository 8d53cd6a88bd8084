// Which definitions are given at a cursor: each case is a repository, the live text with the cursor, and the signatures that must be given.

import assert from "node:assert/strict";
import { indexOf, requestAt } from "../../../support/snippetIndexes";

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly path: string;
  /** The whole of the live file, with `|` at the cursor and `^` where the text before it begins. */
  readonly live: string;
  /** The whole of it when it was indexed; absent: as it is now. */
  readonly indexed?: string;
  /** Of the text after the cursor; absent: all. */
  readonly heldLines?: number;
  readonly budgetCharacters?: number;
  readonly given: readonly string[];
  readonly notGiven?: readonly string[];
  /** Whether no line is given more than once. */
  readonly givenOnce?: boolean;
}

/** What has the file's own word as its name is meant by none of these. */
const ALIASES: readonly Case[] = [
  ...[
    { head: 'import { openTable as open } from "./table";', use: "open(|" },
    { head: 'import * as tables from "./table";', use: "tables.|" },
    { head: 'const { openTable: open } = require("./table");', use: "open(|" },
  ].map(({ head, use }) => ({
    files: {
      "src/table.ts": "export function openTable(size: number): void {}\n",
      "src/x.ts": "export function open(): void {}\n",
    },
    path: "src/main.ts",
    live: `${head}\n${statements(150)}^${statements(9)}${use}\n`,
    budgetCharacters: 65,
    given: ["export function openTable(size: number): void"],
  })),
  ...[
    { head: "from app.table import open_table as begin", use: "begin(|" },
    { head: "import app.other, app.table as t_able", use: "t_able.|" },
    { head: "from app import table as t_able", use: "t_able.|" },
  ].map(({ head, use }) => ({
    files: {
      "app/table.py": "def open_table(size: int):\n    pass\n",
      "app/other.py": "def begin(handle: int):\n    pass\n",
    },
    path: "app/main.py",
    live: `${head}\n${statements(150)}^${statements(9)}${use}\n`,
    budgetCharacters: 75,
    given: ["def open_table(size: int):"],
  })),
  {
    files: {
      "go.mod": "module x\n",
      "table/open.go": "package table\n\nfunc Open(size int) {\n}\n",
      "other/close.go": "package other\n\nfunc Close(size int) {\n}\n",
    },
    path: "main.go",
    live: `package main\n\nimport (\n\t"x/other"\n\ttt "x/table"\n)\n${statements(150)}^${statements(9)}tt.|\n`,
    budgetCharacters: 50,
    given: ["func Open(size int)"],
  },
  {
    files: { "src/lib.rs": "mod table;\n", "src/table.rs": "pub fn open_table(size: usize) {\n}\n" },
    path: "src/main.rs",
    live: `use crate::table::open_table as begin;\n${statements(150)}^${statements(9)}begin(|\n`,
    given: ["pub fn open_table(size: usize)"],
  },
  {
    files: { "src/Shop/Table.cs": "public class Table {\n  public void Open(int size) {\n  }\n}\n" },
    path: "src/Main.cs",
    live: `using Grid = Shop.Table;\n${statements(150)}^${statements(9)}Grid.|\n`,
    given: ["public void Open(int size)"],
  },
];

/** What an alias means: what it comes from, what it makes, and it alone while it is written. */
const BASE = "export class Base {\n  closeHandles(): void {}\n}\n";
const OF_ALIASES: Readonly<Record<string, Case>> = {
  "members that a class of another name here inherits": {
    files: {
      "src/base.ts": BASE,
      "src/table.ts": 'import { Base } from "./base";\n\nexport class Table extends Base {\n  open(): void {}\n}\n',
    },
    path: "src/main.ts",
    live: 'import { Table as Grid } from "./table";\n\nfunction f(it: Grid) {\n  it.|\n}\n',
    given: ["open(): void", "closeHandles(): void"],
  },
  "members of what a function of another name here makes": {
    files: {
      "src/base.ts": BASE,
      "src/make.ts": 'import { Base } from "./base";\n\nexport function openIt(): Base {\n  return new Base();\n}\n',
    },
    path: "src/main.ts",
    live: 'import { openIt as begin } from "./make";\n\nconst it = begin();\nit.|\n',
    given: ["closeHandles(): void"],
  },
  "what the unfinished word begins to call otherwise": {
    files: {
      "src/b.ts": "export function openTable(size: number): void {}\n",
      "src/a.ts": "export function close(handle: number): void {}\n",
    },
    path: "src/main.ts",
    live: `import { openTable as begin } from "./b";\nimport { close } from "./a";\n^${statements(9)}beg|\n`,
    budgetCharacters: 65,
    given: ["export function openTable(size: number): void"],
  },
};

const CATALOG = "class Catalog {\n  listEntries(): string[] {\n    return readCatalog();\n  }\n}\n";

const PRICE = "export function priceOf(item: Item): number {\n  return 42;\n}\n";
const TEMPLATE = `<template>\n${"  <li>{{ priceOf(item) }}</li>\n".repeat(140)}</template>\n`;
const SCRIPT =
  '<script setup lang="ts">\nimport { priceOf } from "./price";\n\nfunction discountOf(rate: number): number {\n  return rate;\n}\n</script>\n';

const CASES: Readonly<Record<string, Case>> = {
  "the signature of an imported function, not its body": {
    files: { "src/price.ts": PRICE },
    path: "src/main.ts",
    live: 'import { priceOf } from "./price";\n\nconst total = priceOf(|',
    given: ["export function priceOf(item: Item): number"],
    notGiven: ["return 42;"],
  },
  "what the code of a component imports": {
    files: { "src/price.ts": PRICE, "lib/price.ts": "export function priceOf(cents: bigint): string {}\n" },
    path: "src/Cart.vue",
    indexed: TEMPLATE + SCRIPT,
    live: "<p>{{ priceOf(|",
    given: ["export function priceOf(item: Item): number"],
    notGiven: ["export function priceOf(cents: bigint): string"],
  },
  "what the code of an imported component defines": {
    files: { "src/Cart.vue": TEMPLATE + SCRIPT },
    path: "src/main.ts",
    live: 'import Cart from "./Cart.vue";\n\nconst rate = discountOf(|',
    given: ["function discountOf(rate: number): number"],
  },
  "a class with its members": {
    files: {
      "src/Cart.ts":
        "export class Cart {\n  constructor(readonly id: number) {}\n  addItem(item: Item) {\n    x();\n  }\n}\n",
    },
    path: "src/main.ts",
    live: "const cart = new Cart(1);\ncart.|",
    given: ["export class Cart", "addItem(item: Item)"],
  },
  "what else is used beside a package of many files": {
    files: {
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, n) => [`store/f${n}.go`, `package store\n\nfunc Open${n}() {\n}\n`]),
      ),
      "trace/trace.go": "package trace\n\nfunc Line(text string) {\n}\n",
    },
    path: "main.go",
    live: 'package main\n\nimport (\n\t"me/store"\n\t"me/trace"\n)\n\nfunc main() {\n\ttrace.Line(x)\n\tstore.|',
    given: ["func Line(text string)", "func Open0()", "func Open10()"],
  },
  "a class by the name of a variable": {
    files: { "app/OrderBook.java": "class OrderBook {\n  void place(Order order) {\n  }\n}\n" },
    path: "app/Main.java",
    live: "void run() {\n  orderBook.|\n}",
    given: ["void place(Order order)"],
  },
  "members of a class that begins above the window, and of the class that it comes from": {
    files: { "src/base.ts": "export class Base {\n  closeHandles(): void {}\n}\n" },
    path: "src/store.ts",
    live: "export class Store extends Base {\n  flush(limit: number): void {}\n\n^  run(): void {\n    this.|\n  }\n}\n",
    given: ["flush(limit: number): void", "closeHandles(): void"],
  },
  "attributes of an object whose class begins above the window": {
    path: "store.py",
    live: "class Store:\n    def flush(self, limit):\n        pass\n\n^    def run(self):\n        self.|\n",
    given: ["def flush(self, limit):"],
  },
  "members of the class around the cursor, not of another one with the same method": {
    path: "store.ts",
    live: "class First {\n  one(): void {}\n  run(): void {}\n}\nclass Second {\n  two(): void {}\n^  stop(): void {}\n  run(): void {}\n  go() {\n    this.|\n  }\n}\n",
    given: ["two(): void"],
    notGiven: ["one(): void"],
  },
  "members of the class around the cursor, where the method begins above the window, too": {
    files: { "src/other.ts": "class Other {\n  one(): void {}\n}\n" },
    path: "store.ts",
    live: `class Store {\n  flush(limit: number): void {}\n  run(): void {\n^${statements(9)}    this.|\n  }\n}\nclass Second {\n  two(): void {}\n}\n`,
    given: ["flush(limit: number): void"],
    notGiven: ["two(): void"],
  },
  "members of what a class comes from that is not known yet, not of the class above it": {
    files: { "src/printer.ts": "export class Printer {\n  printPage(page: number): void {}\n}\n" },
    path: "src/main.ts",
    indexed: `class Archive {\n${methods(60)}}\n\n${CATALOG}`,
    live: `class Archive {\n${methods(40)}^${methods(20)}}\n\nclass LaserPrinter extends Printer {\n  warmUp(): void {\n    this.|\n  }\n}\n\n${CATALOG}`,
    given: ["printPage(page: number): void"],
    notGiven: ["class Archive"],
  },
  "members of the class around the cursor, not of one that ends in it": {
    files: { "app/base.py": "class Base:\n    def close_handles(self):\n        pass\n" },
    path: "app/store.py",
    live: "class Store(Base):\n    def flush(self, limit):\n        pass\n\n^    class Meta:\n        table = 1\n\n    def run(self):\n        self.|\n",
    given: ["def flush(self, limit):", "def close_handles(self):"],
  },
  "members of what C++'s class comes from, which has its bracket and its labels as far left as its name": {
    files: { "src/base.h": "class Base {\npublic:\n  void closeHandles(int count);\n};\n" },
    path: "src/store.cpp",
    indexed: "",
    live: "class Store : public Base\n{\npublic:\n  void run()\n  {\n    this->|\n  }\n};\n",
    given: ["void closeHandles(int count);"],
  },
  "what the live file itself defines, beside very many files that are imported as a whole": {
    files: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`src/h${n}.h`, `int zone_${n}(int a);\n`])),
    path: "src/main.c",
    live: `${lines(30, (n) => `#include "h${n}.h"`)}int zoom_of(int width, int height) {\n  return 1;\n}\n^${statements(9)}${oneLine(30, (n) => `zone_${n}(1);`)}zoom_of(|\n`,
    given: ["int zoom_of(int width, int height)"],
  },
  "members of a parameter of the function around the cursor, which begins above the window": {
    files: { "src/cart.ts": "export class Cart {\n  addItem(item: Item): void {}\n}\n" },
    path: "src/main.ts",
    live: `function run(basket: Cart) {\n^${statements(9)}  basket.|\n}\n`,
    given: ["addItem(item: Item): void"],
  },
  "what the live file itself has outside of the window that begins as the unfinished word does": {
    path: "src/main.ts",
    live: `^${statements(9)}return quo|\n${statements(9)}\nfunction quotaOf(name: string): number {\n  return 1;\n}\n`,
    heldLines: 1,
    given: ["function quotaOf(name: string): number"],
  },
  "of a class with many members those that the text speaks of": {
    files: { "src/table.ts": `export class Table {\n${methods(60)}  moveColumn(): void {}\n}\n` },
    path: "src/main.ts",
    live: 'import { Table } from "./table";\n\nfunction shift(table: Table, column: number) {\n  table.|\n}\n',
    given: ["moveColumn(): void"],
  },
  "a function of which another one in the prompt has some parameters, in the same lines": {
    files: {
      "app/users.py": "def create_user(\n    session: Session,\n    email: str,\n) -> User:\n    return User(email)\n",
    },
    path: "app/main.py",
    live: "from app.users import create_user\n\ndef register(\n    session: Session,\n    name: str,\n):\n    create_user(|\n",
    given: ["def create_user(", "email: str,"],
  },
  "what is imported and begins as the unfinished word does, before what does not": {
    files: {
      "app/errors.py": "class AppError(Exception):\n    pass\n\nclass QuotaExceeded(AppError):\n    pass\n",
      "app/jobs.py": "def run_job(name):\n    pass\n",
    },
    path: "app/main.py",
    live: "from app.errors import AppError, QuotaExceeded\nfrom app.jobs import run_job\n\nrun_job('a')\nraise Quo|\n",
    budgetCharacters: 85,
    given: ["class QuotaExceeded(AppError):"],
  },
  "what a whole module has that begins as the unfinished word does": {
    files: {
      "src/cart.h": `${lines(30, (n) => `int read_the_next_entry_of_the_table_${n}(int entry);`)}double total_price(struct basket *basket);\n`,
    },
    path: "src/main.c",
    live: '#include "cart.h"\n\nint main(void) {\n  return tot|\n}\n',
    budgetCharacters: 500,
    given: ["double total_price(struct basket *basket);"],
  },
  "members that begin as the unfinished word does": {
    files: { "src/table.ts": `export class Table {\n${methods(60)}  moveColumn(): void {}\n}\n` },
    path: "src/main.ts",
    live: 'import { Table } from "./table";\n\nfunction shift(table: Table) {\n  table.mov|\n}\n',
    given: ["moveColumn(): void"],
  },
  "members of what a chain of calls makes, also in a line of their own": {
    files: {
      "src/query.ts":
        "export class Query {\n  whereEquals(column: string): Query {\n    return this;\n  }\n}\nexport function select(table: string): Query {\n  return new Query();\n}\n",
    },
    path: "src/main.ts",
    live: 'import { select } from "./query";\n\nconst rows = select(nameOf("users"))\n  .|\n',
    given: ["whereEquals(column: string): Query"],
  },
  "members of a type in lower case, where Go's receiver is one letter and declared far above": {
    files: { "p/types.go": "package p\n\ntype parser struct {\n\ttokens []token\n}\n" },
    path: "p/parse.go",
    live: `package p\n\nfunc (p *parser) parse() error {\n${"\tlog(1)\n".repeat(40)}\tp.|\n}\n`,
    given: ["tokens []token"],
  },
  "members of a type in lower case that C declares far above": {
    files: { "src/lex.h": "struct lex {\n  int saved_text;\n};\n" },
    path: "src/main.c",
    live: `int f(struct lex *lexer) {\n${"  run(1);\n".repeat(40)}  return lexer->|\n}\n`,
    given: ["int saved_text;"],
  },
  "members of a parameter of PHP": {
    files: { "src/Users.php": "<?php\nclass Users {\n  public function findByEmail(string $email): ?User {\n  }\n}\n" },
    path: "src/main.php",
    live: `<?php\nfunction f(Users $repo) {\n${"  echo 1;\n".repeat(40)}  $repo->|\n}\n`,
    given: ["public function findByEmail(string $email): ?User"],
  },
  "what PHP's class around the cursor comes from": {
    files: { "src/Base.php": "<?php\nclass Base {\n  protected function render(string $name): Response {\n  }\n}\n" },
    path: "src/Main.php",
    live: `<?php\nclass Main extends Base {\n  function go() {\n${"    echo 1;\n".repeat(40)}    $this->|\n  }\n}\n`,
    given: ["protected function render(string $name): Response"],
  },
  "members of a long enum": {
    files: {
      "src/item.ts": `export enum Code {\n${lines(24, (n) => `  Code${n} = "code-${n}",`)}  QuotaSpent = 7,\n}\n`,
    },
    path: "src/main.ts",
    live: 'import { Code } from "./item";\n\nfunction isQuota(code: Code) {\n  return code === Code.|\n}\n',
    given: ["export enum Code", "QuotaSpent = 7"],
  },
  "fields of a long type": {
    files: {
      "src/item.ts": `export type Options = {\n${lines(14, (n) => `  field${n}: string;`)}  quotaLimit: number;\n};\n`,
    },
    path: "src/main.ts",
    live: 'import { Options } from "./item";\n\nfunction isQuota(options: Options) {\n  return options.|\n}\n',
    given: ["quotaLimit: number"],
  },
  "fields of a structure that has its name below": {
    files: {
      "src/item.h": `typedef struct item {\n${lines(14, (n) => `  int field${n};`)}  int quota_limit;\n} item_t;\n`,
    },
    path: "src/main.c",
    live: '#include "item.h"\n\nint quota(item_t *item) {\n  return item->|\n}\n',
    given: ["typedef struct item item_t", "int quota_limit;"],
  },
  "what the own package defines, however many others define such a name": {
    files: Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [
        `p${n}/config.go`,
        `package p${n}\n\ntype Config struct {\n\n\tlimit${n} int\n}\n`,
      ]),
    ),
    path: "p3/main.go",
    live: "package p3\n\nfunc run(cfg *Config) {\n\tcfg.|\n}\n",
    given: ["limit3 int"],
    notGiven: ["limit2 int"],
  },
  "what PHP's own namespace defines, however many others define such a name": {
    files: Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [
        `src/P${n}/Config.php`,
        `<?php\nnamespace P${n};\n\nclass Config {\n  public function limit${n}(): int {\n  }\n}\n`,
      ]),
    ),
    path: "src/P3/Main.php",
    live: "<?php\nnamespace P3;\n\nfunction run(Config $config) {\n  $config->|\n}\n",
    given: ["public function limit3(): int"],
    notGiven: ["public function limit2(): int"],
  },
  "what the live file itself defines, however many others define such a name": {
    files: Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [
        `p${n}/config.py`,
        `class Config:\n    def limit${n}(self):\n        pass\n`,
      ]),
    ),
    path: "main.py",
    live: `class Config:\n    def own_limit(self):\n        pass\n^${statements(9)}def run(config: Config):\n    config.|\n`,
    given: ["def own_limit(self):"],
    notGiven: ["def limit2(self):"],
  },
  ...Object.fromEntries(
    [
      { what: "by a statement below many others", others: 150, above: "" },
      { what: "by a statement below many others, under a definition", others: 100, above: "const a = 1;\n" },
    ].map(({ what, others, above }) => [
      `what is imported ${what}`,
      {
        files: Object.fromEntries(
          Array.from({ length: 14 }, (_, n) => [`p${n}/open.ts`, `export function open(size${n}: number): void {}\n`]),
        ),
        path: "main.ts",
        live: `${above}${lines(others, (n) => `import { name${n} } from "./module${n}";`)}import { open } from "./p3/open";\n${statements(150)}^${statements(9)}open(|\n`,
        given: ["export function open(size3: number): void"],
      },
    ]),
  ),
  "a member of another package's class, although the own class has one of that name": {
    files: { "src/db/Table.java": "package db;\n\npublic class Table {\n  public Copy snapshot(int size) {\n  }\n}\n" },
    path: "src/app/A.java",
    live: "package app;\n\nclass A {\n  void snapshot() {\n    db.open().snapshot(|);\n  }\n}\n",
    given: ["public Copy snapshot(int size)"],
  },
  "a method of another of Go's packages, although the own one has such a method": {
    files: {
      "p/cart.go": "package p\n\nfunc (c *Cart) Snapshot() {\n}\n",
      "q/table.go": "package q\n\nfunc (t *Table) Snapshot(size int) {\n}\n",
    },
    path: "p/main.go",
    live: "package p\n\nfunc run() {\n\topen().Snapshot(|\n}\n",
    given: ["func (t *Table) Snapshot(size int)"],
  },
  "methods of a type that stand in another file of Go's package, and none of another package": {
    files: {
      "p/cart.go": "package p\n\ntype Cart struct {\n\n\titems []Item\n}\n",
      "p/prices.go": "package p\n\nfunc (c *Cart) TotalPrice() int {\n}\n",
      "p/store.go": "package p\n\nfunc (Cart) Save() error {\n}\n",
      "q/cart.go": "package q\n\nfunc (c *Cart) Sell() {\n}\n",
    },
    path: "p/main.go",
    live: "package p\n\nfunc run() {\n\tvar c Cart\n\tc.|\n}\n",
    given: ["items []Item", "func (c *Cart) TotalPrice() int", "func (Cart) Save() error"],
    notGiven: ["func (c *Cart) Sell()"],
  },
  "what is used beside a type whose methods stand in very many files of Go's package": {
    files: {
      "p/planner.go": "package p\n\ntype planner struct {\n\n\tplan string\n}\n",
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, n) => [`p/f${n}.go`, `package p\n\nfunc (p *planner) visit${n}() {\n}\n`]),
      ),
      "q/scope.go": "package q\n\nfunc MakeScope(size int) {\n}\n",
    },
    path: "p/main.go",
    live: "package p\n\nfunc run(p *planner) {\n\tMakeScope(1)\n\tp.|\n}\n",
    given: ["plan string", "func (p *planner) visit0()", "func MakeScope(size int)"],
  },
  "no methods that only Go's tests have for a type": {
    files: {
      "hub/hub.go": "package hub\n\ntype Hub struct {\n\n\tname string\n}\n",
      "hub/export_test.go": "package hub\n\nfunc (h *Hub) SetNameForTest() {\n}\n",
      "hub/name.go": "package hub\n\nfunc (h *Hub) Name() string {\n}\n",
    },
    path: "cmd/main.go",
    live: "package main\n\nfunc run(h *Hub) {\n\th.|\n}\n",
    given: ["func (h *Hub) Name() string"],
    notGiven: ["func (h *Hub) SetNameForTest()"],
  },
  "methods that Go's tests have for a type, in a test of the package": {
    files: {
      "hub/hub.go": "package hub\n\ntype Hub struct {\n\n\tname string\n}\n",
      "hub/export_test.go": "package hub\n\nfunc (h *Hub) SetNameForTest() {\n}\n",
    },
    path: "hub/hub_test.go",
    live: "package hub\n\nfunc run(h *Hub) {\n\th.|\n}\n",
    given: ["func (h *Hub) SetNameForTest()"],
  },
  "no methods of Go for a class of TypeScript that has the same name": {
    files: {
      "web/client.ts": "export class HubClient {\n  fetchWeb(): void {}\n}\n",
      "web/client.go": "package web\n\nfunc (c *HubClient) FetchGo() {\n}\n",
    },
    path: "web/main.ts",
    live: 'import { HubClient } from "./client";\n\nfunction run(client: HubClient) {\n  client.|\n}\n',
    given: ["fetchWeb(): void"],
    notGiven: ["func (c *HubClient) FetchGo()"],
  },
  "once a method that Go's package has for each platform": {
    files: {
      "p/file.go": "package p\n\ntype File struct {\n\n\tname string\n}\n",
      ...Object.fromEntries(
        ["darwin", "linux", "windows"].map((name) => [
          `p/file_${name}.go`,
          `package p\n\nfunc (f *File) Sync() error {\n}\n`,
        ]),
      ),
    },
    path: "p/main.go",
    live: "package p\n\nfunc run(f *File) {\n\tf.|\n}\n",
    given: ["func (f *File) Sync() error"],
    givenOnce: true,
  },
  "of a type that the live file itself defines, its members, not those of other packages": {
    files: { "q/config.go": "package q\n\ntype Config struct {\n\n\tother int\n}\n" },
    path: "p/main.go",
    live: "package p\n\ntype Config struct {\n\n\tlimit int\n}\n\n^func run(cfg *Config) {\n\tcfg.|\n}\n",
    given: ["limit int"],
    notGiven: ["other int"],
  },
  "for a test in Java what its own package defines among the program's sources": {
    files: {
      "core/src/main/java/me/cart/Cart.java": "package me.cart;\n\nclass Cart {\n  void add(Item item) {\n  }\n}\n",
      "core/src/main/java/me/Cart.java": "package me;\n\nclass Cart {\n  void drop(Item item) {\n  }\n}\n",
      "old/src/main/java/me/cart/Cart.java": "package me.cart;\n\nclass Cart {\n  void sell(Item item) {\n  }\n}\n",
    },
    path: "core/src/test/java/me/cart/CartTest.java",
    live: "package me.cart;\n\nclass CartTest {\n  void adds(Cart cart) {\n    cart.|\n  }\n}\n",
    given: ["void add(Item item)"],
    notGiven: ["void drop(Item item)", "void sell(Item item)"],
  },
  "members that a variable's class inherits": {
    files: {
      "src/base.ts": "export class Base {\n  closeHandles(): void {}\n}\n",
      "src/cart.ts": 'import { Base } from "./base";\n\nexport class Cart extends Base {\n  add(): void {}\n}\n',
    },
    path: "src/main.ts",
    live: 'import { Cart } from "./cart";\n\nfunction f(cart: Cart) {\n  cart.|\n}\n',
    given: ["add(): void", "closeHandles(): void"],
  },
  "a class that C# makes for a while": {
    files: { "src/Repo.cs": "public class OrderRepo {\n  public OrderRepo(int size) {\n  }\n}\n" },
    path: "src/Main.cs",
    live: "class Main {\n  void Run() {\n    using var repo = new OrderRepo(|\n  }\n}\n",
    given: ["public OrderRepo(int size)"],
  },
  "what C#'s whole namespace defines, not what one does of which another type has an alias": {
    files: {
      "src/Shop/Table.cs": "namespace Shop;\n\npublic class Table {\n}\n",
      "src/Shop/Order.cs": "namespace Shop;\n\npublic class Order {\n  public void Drop(int size) {\n  }\n}\n",
      "src/Sales/Order.cs": "namespace Sales;\n\npublic class Order {\n  public void Sell(int size) {\n  }\n}\n",
    },
    path: "src/App/Main.cs",
    live: "using Sales;\nusing Grid = Shop.Table;\n\nclass Main {\n  void Run(Order order) {\n    order.|\n  }\n}\n",
    given: ["public void Sell(int size)"],
    notGiven: ["public void Drop(int size)"],
  },
  "what is used, before what a list in several lines only imports": {
    files: {
      "src/a.ts": "export function firstOne(): void {}\n",
      "src/b.ts": "export function secondOne(): void {}\n",
    },
    path: "src/main.ts",
    live: 'import {\n  firstOne,\n} from "./a";\nsecondOne(|\n',
    budgetCharacters: 55,
    given: ["export function secondOne(): void"],
  },
  ...OF_ALIASES,
  ...Object.fromEntries(ALIASES.map((one) => [`what ${one.path} calls otherwise, by ${one.live.split("\n")[0]}`, one])),
  ...Object.fromEntries(
    ["import(", "require('x')(function () {", "use(async (context) => {"].map((line) => [
      `what is used in the lines after ${line}`,
      {
        files: { "src/b.js": "export function secondOne() {}\n" },
        path: "src/main.js",
        live: `${line}\n  secondOne\n  |\n`,
        given: ["export function secondOne()"],
      },
    ]),
  ),
};

function statements(count: number): string {
  return lines(count, (n) => `        call_number_${n}(1)`);
}

function methods(count: number): string {
  return lines(count, (n) => `  read${n}(): void {}`);
}

/** What stands in the cursor's line weighs as much as what stands at the cursor. */
function oneLine(count: number, part: (n: number) => string): string {
  return lines(count, part).replaceAll("\n", " ");
}

function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `${line(n)}\n`).join("");
}

describe("definitions are given", () => {
  for (const [title, example] of Object.entries(CASES)) {
    it(title, async () => {
      const {
        files,
        path,
        live,
        indexed,
        heldLines,
        budgetCharacters = 2000,
        given,
        notGiven = [],
        givenOnce,
      } = example;
      const index = await indexOf({ ...files, [path]: indexed ?? live.replace(/[\^|]/g, "") });
      const shown = live.slice(live.indexOf("^") + 1);
      const heldSuffix = shown.split("|")[1]!.split("\n").slice(0, heldLines).join("\n");
      const snippets = index.retrieve(requestAt(path, shown, { heldSuffix, budgetCharacters }));
      const definitions = snippets.filter(({ reason }) => reason === "definition" || reason === "import");
      const lines = definitions.flatMap(({ text }) => text.split("\n")).map((line) => line.trim());
      for (const line of given) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
      if (givenOnce) assert.equal(new Set(lines).size, lines.length, lines.join("\n"));
      for (const line of notGiven) assert.ok(!lines.includes(line), `${line} is in\n${lines.join("\n")}`);
    });
  }
});
