import assert from "node:assert/strict";
import { parseQuestion } from "../../../../src/engine/snippets/question";
import { indexOf } from "../../../support/snippetIndexes";

async function ask(files: Readonly<Record<string, string>>, question: string, earlier = "") {
  return (await indexOf(files)).passages({ question, earlier, limit: 5 });
}

async function pathsFor(files: Readonly<Record<string, string>>, question: string, earlier = ""): Promise<string[]> {
  return (await ask(files, question, earlier)).map(({ path }) => path);
}

const RETRY = "/** How often. */\nexport function retryLimit() {\n  return 3;\n}\n";

describe("passages", () => {
  it("are definitions with the comments above them", async () => {
    const [first] = await ask({ "a.ts": `const x = 1;\n\n${RETRY}\nconst y = 2;\n` }, "What is the retry limit?");
    assert.deepEqual([first!.startLine, first!.endLine, first!.reason], [2, 6, "definition"]);
    assert.equal(first!.text, RETRY.trimEnd());
  });

  it("leave the definition in when its comments are long", async () => {
    const [first] = await ask({ "a.ts": `${"// a long story\n".repeat(60)}${RETRY}` }, "retryLimit?");
    assert.ok(first!.text.includes("return 3"), first!.text);
    assert.ok(first!.endLine - first!.startLine <= 40);
  });

  it("are of a file that is named, where it speaks of what is asked", async () => {
    const filler = "export const filler = 1;\n".repeat(60);
    const files = { "src/config.ts": `${filler}${RETRY}${filler}`, "src/other.ts": RETRY };
    const [first] = await ask(files, "How many retries are in src/config.ts?");
    assert.equal(first!.path, "src/config.ts");
    assert.ok(first!.text.includes("retryLimit"));
  });

  it("are the part of a long chunk that speaks of what is asked", async () => {
    const filler = `${"Something else is told here at length. ".repeat(4)}\n`;
    const [first] = await ask({ "guide.md": `${filler.repeat(20)}After a retry limit it gives up.\n` }, "retry limit?");
    assert.ok(first?.text.includes("retry limit"), first?.text);
  });

  it("come from the code rather than from its tests, unless tests are asked for", async () => {
    const files = { "test/retry.test.ts": `// retry limit\n${RETRY}`, "src/retry.ts": RETRY.replace("3", "4") };
    assert.equal((await pathsFor(files, "What is the retry limit?"))[0], "src/retry.ts");
    assert.equal((await pathsFor(files, "Which test is about the retry limit?"))[0], "test/retry.test.ts");
  });

  it("are where most of the question is said, rather than what one word of it names", async () => {
    const files = {
      "src/crash.ts": "export function crash() {\n  throw new Error();\n}\n",
      "src/engine.ts": "export class Engine {\n  restart() {}\n}\n",
      "src/budget.ts": "/** After a crash the engine may restart so often. */\nexport const MOST_EXITS = 5;\n",
    };
    assert.equal((await pathsFor(files, "How often may the engine restart after a crash?"))[0], "src/budget.ts");
  });

  it("are definitions by the words of their names, also in another order", async () => {
    const use = "if (limit > 3) {\n  // the retry limit of this\n}\n";
    const files = { "src/a.ts": use, "src/b.ts": "export function limitOfRetry() {\n  return 3;\n}\n" };
    assert.equal((await pathsFor(files, "What is the retry limit?"))[0], "src/b.ts");
  });

  it("are definitions of whose names somebody remembers a part", async () => {
    const files = {
      "src/group.py": "def create_task_group():\n    return 1\n",
      "src/server.py": "def listen(socket):\n    # defined here for now\n    return socket\n",
    };
    assert.equal((await pathsFor(files, "Where is make_task_group defined for sockets?"))[0], "src/group.py");
  });

  for (const question of ["What does `find` do?", "Where is every() defined?"]) {
    it(`are what is named as a name, though it be a word that asks: ${question}`, async () => {
      const list = "def find(key):\n    return 1\n\n\ndef every(test):\n    return 2\n";
      const files = { "src/a.py": list, "src/b.py": "def defined(value):\n    return value is not None\n" };
      const [first] = await ask(files, question);
      assert.match(first?.text ?? "", question.includes("find") ? /^def find/ : /^def every/);
    });
  }

  for (const question of [
    "retryLimit在哪里使用？",
    "なぜretryLimitは3ですか",
    "retryLimit은 어디서 쓰이나요?",
    "src/a.ts的retryLimit是什么",
  ]) {
    it(`are what is named in a script that has no blanks around names: ${question}`, async () => {
      const { names } = parseQuestion(question);
      assert.deepEqual([...names], ["retryLimit"]);
      const many = Object.fromEntries(
        Array.from({ length: 12 }, (_, at) => [`src/${at}.ts`, `export const n${at} = 1;\n`]),
      );
      assert.equal((await pathsFor({ ...many, "src/a.ts": RETRY }, question))[0], "src/a.ts");
    });
  }

  it("are what is named in backticks, in whatever scripts its name is", async () => {
    const files = { "src/a.py": "def get用户(id):\n    return 1\n", "src/b.py": "def 用户(id):\n    return 2\n" };
    assert.equal((await pathsFor(files, "`get用户`在哪里？"))[0], "src/a.py");
  });

  it("are found by what else programmers call a thing, where nothing is called as it is asked for", async () => {
    const files = { "src/a.ts": "export function removeEntry() {\n  list.pop();\n}\n", "src/b.ts": RETRY };
    assert.equal((await pathsFor(files, "How do I delete something?"))[0], "src/a.ts");
    const named = { ...files, "src/c.ts": "export function deleteAll() {\n  list.clear();\n}\n" };
    assert.deepEqual(await pathsFor(named, "How do I delete something?"), ["src/c.ts"]);
  });

  it("are what is named, rather than what speaks of it", async () => {
    const use = "def use(limit):\n    # The retry_limit holds: retry_limit.\n    return retry_limit(limit)\n";
    const files = { "src/retry_limit.py": use, "src/b.py": "def retry_limit(limit):\n    return 3\n" };
    assert.equal((await pathsFor(files, "What does retry_limit do?"))[0], "src/b.py");
  });

  it("are none that say only what most of a small folder says, where another place answers", async () => {
    const others = ["open", "close", "read", "write"].map((name) => [
      `src/${name}.py`,
      `def ${name}(connection):\n    pass\n`,
    ]);
    const files = { ...Object.fromEntries(others), "src/retry.py": "def retry_limit(connection):\n    return 3\n" };
    assert.deepEqual(await pathsFor(files, "What is the retry limit of a connection?"), ["src/retry.py"]);
  });

  it("are where something is done rather than where it is imported", async () => {
    const imports = [
      "from retry.budget import Budget",
      "from retry.limit import retry_limit",
      "from retry.policy import (",
      "    RetryPolicy,",
      "    retry_limits,",
      ")",
    ];
    const files = {
      "src/client.py": `${imports.join("\n")}\n\nDEBUG = False\n`,
      "src/server.py": "if attempts > 3:\n    # the limit: no retry\n    stop()\n",
    };
    assert.deepEqual(await pathsFor(files, "What is the retry limit?"), ["src/server.py"]);
  });

  it("are not what an earlier question named, unless this one asks for nothing else", async () => {
    const files = {
      "src/session.ts": "export function load() {\n  sign(cookie);\n}\n",
      "src/convertor.ts": "export function convertor() {\n  return 1;\n}\n",
    };
    const earlier = "Where is the convertor?";
    assert.deepEqual(await pathsFor(files, "Where is the session's cookie signed?", earlier), ["src/session.ts"]);
    assert.equal((await pathsFor(files, "And which function signs?", earlier))[0], "src/session.ts");
    assert.deepEqual(await pathsFor(files, "And what is that?", earlier), ["src/convertor.ts"]);
  });

  it("are found by their file's name", async () => {
    const text = "export function start() {\n  listen();\n}\n";
    const files = { "src/client.ts": text, "src/upload.ts": `${text}\n` };
    assert.equal((await pathsFor(files, "How does an upload start?"))[0], "src/upload.ts");
  });

  it("are bounded, also where one line is endless", async () => {
    const [first] = await ask({ "a.txt": `retry ${"x".repeat(50_000)}` }, "retry?");
    assert.ok(first!.text.length <= 1_600);
  });

  it("come from no file that was removed", async () => {
    const index = await indexOf({ "b.ts": RETRY });
    index.remove("b.ts");
    assert.deepEqual(index.passages({ question: "retry limit in b.ts?", limit: 5 }), []);
  });

  it("are none where nothing is said of what is asked", async () => {
    assert.deepEqual(await ask({ "a.ts": RETRY }, "What is the weather?"), []);
    assert.deepEqual(await ask({ "a.ts": RETRY }, "?"), []);
  });

  it("are none where the best says hardly anything of what is asked, unless there is little to choose from", async () => {
    const texts = Array.from({ length: 20 }, (_, index) => [
      `src/route${index}.ts`,
      `export function route${index}(request: Request) {\n  return request.path;\n}\n`,
    ]);
    const question = "Where are CORS preflight requests answered?";
    assert.deepEqual(await ask(Object.fromEntries(texts), question), []);
    assert.notDeepEqual(await ask(Object.fromEntries(texts), "Which requests have a path?"), []);
    assert.notDeepEqual(await ask(Object.fromEntries(texts.slice(0, 2)), question), []);
    // A log that is pasted says much that no code does.
    const log = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
    const handler = { "src/handler.ts": "export function preflight() {\n  cors();\n}\n" };
    const [first] = await pathsFor({ ...Object.fromEntries(texts), ...handler }, `${question}\n${log}`);
    assert.equal(first, "src/handler.ts");
  });
});

describe("passages for a question about the whole repository", () => {
  const files = {
    "README.md":
      "# Kite\n\n[![badge](https://b.example/a.svg)](https://b.example)\n<p\n  align=left>\n\n## What it is\n\nKite flies.\n\nHigh.\n",
    "README.zh.md": "Kite.\n",
    "docs/README.md": "The project's documents.\n",
    "pyproject.toml": '[project]\nname = "kite"\ndescription = "Flies."\n',
    "src/project.py": "class Project:\n    def purpose(self):\n        return self.repository\n",
  };
  for (const question of [
    "What is this repository about?",
    "What does this project do?",
    "Describe the purpose of the package, please.",
    "what is this?",
    "Give me an overview",
  ]) {
    it(`are how its README begins, and what its manifest says: ${question}`, async () => {
      const found = await ask(files, question);
      assert.deepEqual(
        found.map(({ path, startLine, endLine }) => [path, startLine, endLine]),
        [
          ["README.md", 6, 11],
          ["pyproject.toml", 0, 3],
        ],
      );
    });
  }

  for (const question of [
    "What does `project` do?",
    "What does Project do?",
    "Where is the project's purpose returned?",
  ]) {
    it(`are found like others where something of it is asked for: ${question}`, async () => {
      assert.equal((await pathsFor(files, question))[0], "src/project.py");
    });
  }

  it("are found like others where it says nothing of itself", async () => {
    const silent = { "src/project.py": files["src/project.py"] };
    assert.equal((await pathsFor(silent, "What does this project do?"))[0], "src/project.py");
  });

  it("are none where what was attached is meant, or an earlier question", async () => {
    const index = await indexOf(files);
    assert.deepEqual(index.passages({ question: "Explain this.", isAboutAttached: true, limit: 5 }), []);
    assert.equal((await pathsFor(files, "And what is that?", "Where is `Project`?"))[0], "src/project.py");
  });
});

describe("a question", () => {
  const { names } = parseQuestion("How are entries merged by `foo` when retry limits are reached in getPage(x)?");

  it("names what only names look like", () => assert.deepEqual([...names], ["foo", "getPage"]));

  it("asks for a word once, in whatever forms it has it, and not for the words that ask", () => {
    const { concepts } = parseQuestion("How fast does it retry, and when are retries retried? And what is retrying?");
    assert.equal(concepts.length, 2);
  });

  it("asks for nothing by the end of a contracted word", () => {
    for (const question of [
      "Why doesn't it retry?",
      "Why isn’t it retried?",
      "What's retrying?",
      "why dont they retry",
    ]) {
      assert.equal(parseQuestion(question).concepts.length, 1, question);
    }
    assert.ok(parseQuestion("What's this project about?").isAboutAll);
  });

  for (const [question, isContinued] of [
    ["And where is it called?", true],
    ["and in the parser?", true],
    ["What about strings?", true],
    ["Who calls it?", true],
    ["What is thrown there?", true],
    ["Which tests are about that?", true],
    ["How does the session middleware sign its cookie?", false],
    ["Where are preflight requests answered?", false],
    ["Is there a limit?", false],
    ["And where are statements split that come in several chunks of a stream?", false],
  ] as const) {
    it(`${isContinued ? "goes on with" : "needs nothing of"} an earlier one: ${question}`, () => {
      const { concepts } = parseQuestion(question, "How are convertors registered?");
      assert.equal(concepts.filter(({ isEarlier }) => isEarlier).length, isContinued ? 2 : 0);
    });
  }

  it("that has no concept of its own asks what the earlier one did", () => {
    const earlier = "How are `convertors` registered?";
    assert.deepEqual(parseQuestion("And what is that?", earlier), parseQuestion(earlier));
  });

  it("is understood by its beginning, however long a word of it is", () => {
    for (const word of ["x", "aB", "a.", "a/", "é_", "$", "`a", "a-", "1.a"]) {
      const long = word.repeat(40_000 / word.length);
      const beginning = long.slice(0, 10_000);
      assert.deepEqual(parseQuestion(long, long), parseQuestion(beginning, beginning), word);
    }
  });

  it("names files by their path, and numbers and sentences not", () => {
    assert.deepEqual(parseQuestion("Is 3.14 in ./src/a.test.ts or b.py? e.g. not here.").paths, [
      "src/a.test.ts",
      "b.py",
      "e.g",
    ]);
    assert.ok(parseQuestion("v2设计.md 是什么？").paths.includes("v2设计.md"));
  });
});
