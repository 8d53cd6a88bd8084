// The promise of the product: whatever happens to a document, the maintained state is the one that a fresh reading gives.
//
// GRIFFIN_EDITS and GRIFFIN_SEED make it longer and other: `GRIFFIN_EDITS=10000 npm test -- engine --grep "under edits"`.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Tokenizer as Encoder } from "tokenizers";
import { Completer } from "../../src/engine/completion/completer";
import { promptWindow } from "../../src/engine/completion/promptWindow";
import { heal } from "../../src/engine/completion/tokenHealing";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { greedy } from "../../src/engine/decoding/logits";
import { CHUNK_TOKENS } from "../../src/engine/decoding/sequence";
import { Documents, type MirroredDocument } from "../../src/engine/documents";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import { loadModel } from "../../src/engine/model/loadModel";
import type { Model, TokenId } from "../../src/engine/model/model";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import type { State } from "../../src/engine/model/state";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { Cancelled, type ModelAccess, undisturbed } from "../../src/engine/modelAccess";
import { fileTokens, headerTokens } from "../../src/engine/repository/fileTokens";
import type { Snippet } from "../../src/engine/snippets/snippet";
import type { SnippetIndex } from "../../src/engine/snippets/snippetIndex";
import type { CompleteParams } from "../../src/protocol/engine";
import { parseRecording } from "../../src/text/recording";
import { lastAdvance, type SeenAdvance } from "../support/advances";
import { BUNDLED_MODEL } from "../support/engineHarness";
import { foldedModel, idleModel } from "../support/foldedModel";
import { largestDifference, lastLogitsInChunks } from "../support/logits";
import { type Change, RandomEdits } from "../support/randomEdits";
import { stoppedAfter } from "../support/stoppedAfter";
import { useTemporaryFolder } from "../support/temporaryFolder";

const TINY_EDITS = Number(process.env.GRIFFIN_EDITS ?? 1600);
const BUNDLED_EDITS = Number(process.env.GRIFFIN_BUNDLED_EDITS ?? 12);
const SEED = Number(process.env.GRIFFIN_SEED ?? 1);
/** Edits to one document, from its first opening on, at most. */
const SESSION_EDITS = 50;
/** One session in this many begins after a trunk: however few edits there are, the last of so many does. */
const TRUNKS = 3;
/** One session in this many has the whole file, and a window that moves; the others a piece of it. */
const WHOLE_FILES = 5;
const PIECE_LENGTH = 1_500;
/** Both are samples of the same noise: the larger of few may be somewhat larger than the largest of others. */
const MOST_NOISE = 1.5;

describe("exactness under edits", () => {
  let files: string[];
  const folder = useTemporaryFolder("all tests");
  before(async () => {
    files = await recordedFiles();
  });

  // Two that are asked with what comes after the cursor, as the bundled model is, and two that are not.
  const tinyModels: readonly [name: string, load: () => Promise<Model>, fillInTheMiddle: boolean][] = [
    ["window8", () => converted("window8"), false],
    ["two-attentions", () => converted("two-attentions"), true],
    ["wide-recurrence", () => converted("wide-recurrence"), true],
    ["tiny-gemma", async () => loadModel(await readModelFolder("test/fixtures/tiny-gemma"), { threads: 1 }), false],
  ];
  const editsOfEach = Math.ceil(TINY_EDITS / tinyModels.length);

  async function converted(name: string): Promise<Model> {
    const outDir = folder(name);
    const checkpointDir = join("test/fixtures/tiny", name);
    await convertCheckpoint({ checkpointDir, outDir, weights: "float32", withoutTokenizer: true });
    return loadModel(await readModelFolder(outDir), { threads: 1 });
  }

  for (const [name, load, fillInTheMiddle] of tinyModels) {
    it(`${name}, float32: ${editsOfEach} edits from seed ${SEED}, logits within 1e-4`, async function () {
      this.timeout(0);
      const model = foldedModel(await load());
      const bundled = await readModelFolder(BUNDLED_MODEL);
      const about = { ...bundled, trained: { ...bundled.trained, fillInTheMiddle } };
      const lm = { model, tokenizer: await Tokenizer.load(BUNDLED_MODEL), about };
      let largest = 0;
      await editSessions(lm, files, editsOfEach, async (maintained, fresh, where) => {
        const difference = largestDifference(maintained, fresh);
        largest = Math.max(largest, difference);
        assert(difference <= 1e-4, `${where}: off by ${difference}`);
        assert.equal(greedy(maintained), greedy(fresh), where);
      });
      await model.dispose();
      console.log(`      largest difference ${largest.toExponential(1)}`);
    });
  }

  it(`the bundled model: ${BUNDLED_EDITS} edits from seed ${SEED}, no further off than the noise of cutting`, async function () {
    this.timeout(0);
    const lm = await loadLanguageModel(BUNDLED_MODEL, { threads: 0 });
    const differences: { where: string; difference: number }[] = [];
    let noise = 0;
    let otherChoices = 0;
    const pieces = files.map((text) => text.slice(0, PIECE_LENGTH));
    await editSessions(lm, pieces, BUNDLED_EDITS, async (maintained, fresh, where, tokens) => {
      for (const chunks of [[64], [1, 100, 7]]) {
        noise = Math.max(noise, largestDifference(await lastLogitsInChunks(lm.model, tokens, chunks), fresh));
      }
      differences.push({ where, difference: largestDifference(maintained, fresh) });
      if (greedy(maintained) !== greedy(fresh)) otherChoices++;
    });
    await lm.model.dispose();
    const largest = Math.max(...differences.map(({ difference }) => difference));
    console.log(
      `      largest difference ${largest.toFixed(2)}, noise of cutting ${noise.toFixed(2)}, ` +
        `another first choice in ${otherChoices} of ${differences.length}`,
    );
    const outliers = differences.filter(({ difference }) => difference > MOST_NOISE * noise);
    assert.deepEqual(outliers, [], `further off than cutting, which makes ${noise}`);
  });
});

type Check = (
  maintained: Float32Array,
  fresh: Float32Array,
  where: string,
  tokens: readonly TokenId[],
) => Promise<void>;

/** Edits documents, asks for a completion after each edit as the editor would, and compares with a fresh reading. */
async function editSessions(lm: LanguageModel, files: readonly string[], count: number, check: Check): Promise<void> {
  const library = Encoder.fromFile(join(BUNDLED_MODEL, "tokenizer.json"));
  // With a gap, it is a matter of what was asked before where the window of a long file begins, and how much of the text
  // after the cursor, and which related code, is that of an earlier edit.
  const isGapped = lm.about.trained.fillInTheMiddle;
  const sessionEdits = Math.min(SESSION_EDITS, Math.ceil(count / TRUNKS));
  let done = 0;
  for (let number = 0; done < count; number++) {
    const seed = SEED * 1000 + number;
    const file = files[number % files.length]!;
    const other = files[(number + 1) % files.length]!;
    const text = number % WHOLE_FILES === WHOLE_FILES - 1 ? file : file.slice(0, PIECE_LENGTH);
    const trunk = number % TRUNKS === TRUNKS - 1 ? await readTrunk(lm, other.slice(0, PIECE_LENGTH)) : undefined;
    const session = new Session(lm, new RandomEdits(text, other, seed), trunk);
    // Another branch of the same trunk, whose states lie in the same logs.
    const neighbor = trunk && new Session(lm, new RandomEdits(other.slice(-PIECE_LENGTH), file, seed), trunk);
    if (neighbor) neighbor.usesTrunk = true;
    for (let step = 1; step <= sessionEdits && done < count; step++, done++) {
      // The repository's state is switched off and on again.
      session.usesTrunk = trunk !== undefined && step % 13 !== 0;
      // Related code has changed: a better frame is read beside the one in use, and takes its place when the cursor rests.
      if (isGapped && step % 6 === 0) session.relate(other.slice(step * 20, step * 20 + 200));
      const change = session.change();
      const where = `seed ${seed}, edit ${step} (${change.kind}), cursor ${change.cursor}`;
      if (step % 3 === 0) await neighbor?.changeAndAsk();
      if (step % 4 === 0) await session.rest(step % 8 === 0 ? undisturbed : stoppedAfter((step % 5) + 1));
      if (step % 7 === 0) await session.ask(stoppedAfter((step % 3) + 1));
      const maintained =
        step % 11 === 0 ? await session.askTwice(step % 2) : await session.askUntilRead(step % 5 === 0 ? 6 : 1);

      assert(maintained, `${where}: nothing was read`);
      // A frame without the trunk may be kept when the trunk is switched on again, and never the other way.
      const isAfterTrunk = trunk !== undefined && maintained.base === trunk.state;
      assert(session.usesTrunk || !isAfterTrunk, `${where}: the state of a repository that is switched off was used`);
      const isWindowed = isGapped && session.prefix.length > promptWindow(lm).shortened;
      if (isGapped) await session.assertFrame(maintained.tokens, isAfterTrunk, where);
      else assert.deepEqual(maintained.tokens, await session.freshTokens(isAfterTrunk), `${where}: other tokens`);
      if ((isGapped || !isAfterTrunk) && !isWindowed) {
        await assertWholeTokens(lm, library, session.prefix, maintained.tokens);
      }
      const tokens = [...(isAfterTrunk ? trunk.tokens : []), ...maintained.tokens];
      const logits = await lastLogitsInChunks(lm.model, tokens, [CHUNK_TOKENS]);
      await check(maintained.logits, logits, where, tokens);
    }
  }
}

/** A document that is edited and completed in, alone or after a text that was read before. */
class Session {
  readonly #document: MirroredDocument;
  readonly #completer: Completer;
  #cursor = 0;
  /** Where the prompt that was read last begins. */
  #start = 0;
  usesTrunk = false;
  /** Every text that the document has had. */
  readonly #texts: string[] = [];
  /** Every code of another file that was related; the last one is. */
  readonly #related: string[] = [];

  constructor(
    private readonly lm: LanguageModel,
    private readonly edits: RandomEdits,
    private readonly trunk: Trunk | undefined,
  ) {
    this.#document = new Documents().open({ ...IDENTITY, version: 1, text: edits.text });
    this.#texts.push(edits.text);
    this.#completer = this.#newCompleter(lm);
  }

  /** What was read last of the text before the cursor. */
  get prefix(): string {
    return this.#document.text.slice(this.#start, this.#cursor);
  }

  change(): Change {
    const change = this.edits.next();
    this.#document.change(this.#document.version + 1, change.edits);
    assert.equal(this.#document.text, this.edits.text, "the mirror has another text");
    this.#texts.push(this.edits.text);
    this.#cursor = change.cursor;
    return change;
  }

  relate(code: string): void {
    this.#related.push(code);
  }

  /** What the engine does while the cursor rests: it may choose another state to begin from. */
  async rest(access: ModelAccess): Promise<void> {
    await this.#completer.prepare(this.#document, this.#cursor, access).catch(unlessCancelled);
  }

  async ask(access: ModelAccess, maxTokens = 1): Promise<SeenAdvance | undefined> {
    const complete = () => this.#complete(this.#completer, this.#document, this.#cursor, access, maxTokens);
    const seen = await lastAdvance(complete);
    this.#start = seen?.start ?? this.#start;
    return seen;
  }

  /** For a suggestion that is known nothing is read: then a longer one is asked for. */
  async askUntilRead(maxTokens = 1): Promise<SeenAdvance | undefined> {
    for (let more = 0; more < 10; more++) {
      const seen = await this.ask(undisturbed, maxTokens + more);
      if (seen) return seen;
    }
    return undefined;
  }

  async changeAndAsk(): Promise<void> {
    this.change();
    await this.ask(undisturbed, 2);
  }

  /** While one question waits after some turns, another is asked and answered. Then the first goes on. */
  async askTwice(turnsBefore: number): Promise<SeenAdvance | undefined> {
    let goOn: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let turns = 0;
    const waiting: ModelAccess = { nextRun: () => (turns++ <= turnsBefore ? Promise.resolve() : gate) };
    const offset = Math.floor(this.#cursor / 2);
    const selected = { offset, deleted: 0, text: "something = else\n" };
    const first = this.#complete(this.#completer, this.#document, offset, waiting, 4, selected);
    // The first must have begun: then its tokens are the sequence's, until the second takes their place.
    for (let i = 0; i < 20; i++) await yieldToEvents();
    await this.ask(undisturbed);
    goOn();
    await first;
    return this.askUntilRead();
  }

  /** What somebody who has never seen the document would run for the same place in the same window. */
  async freshTokens(isAfterTrunk: boolean): Promise<readonly TokenId[]> {
    const { prefix } = this;
    const text = prefix + this.#document.text.slice(this.#cursor, this.#cursor + 4_000);
    const document = new Documents().open({ ...IDENTITY, version: 1, text });
    const lm = { ...this.lm, model: idleModel(this.lm.model) };
    const completer = this.#newCompleter(lm, () => isAfterTrunk);
    const seen = await lastAdvance(() => this.#complete(completer, document, prefix.length, undisturbed, 1));
    assert(seen);
    return seen.tokens;
  }

  /** What stands before the text may be of an earlier edit, and is then what was true once. */
  async assertFrame(tokens: readonly TokenId[], isAfterTrunk: boolean, where: string): Promise<void> {
    const { bos, fimSuffix, fimPrefix } = this.lm.about.tokens;
    const [suffixAt, prefixAt] = [tokens.indexOf(fimSuffix!), tokens.indexOf(fimPrefix!)];
    const suffix = this.lm.tokenizer.decode(tokens.slice(suffixAt + 1, prefixAt));
    const hasSaid = this.#texts.some((text) => asRead(text).includes(suffix));
    assert(hasSaid, `${where}: the document never had ${JSON.stringify(suffix)}`);
    const related = await Promise.all(this.#related.map((code) => fileTokens(this.lm, RELATED_PATH, code)));
    const own = await headerTokens(this.lm, IDENTITY.path);
    const heads = [[], ...related].map((code) => [...(isAfterTrunk ? [] : [bos]), ...code, ...own]);
    const head = tokens.slice(0, suffixAt);
    const isHead = heads.some((each) => isDeepStrictEqual(each, head));
    assert(isHead, `${where}: nothing said ${JSON.stringify(this.lm.tokenizer.decode(head))}`);
  }

  #newCompleter(lm: LanguageModel, usesTrunk = () => this.usesTrunk): Completer {
    const { trunk } = this;
    const repository = () => {
      const isTrunkThere = trunk !== undefined && usesTrunk();
      const related = this.#related.at(-1);
      if (!isTrunkThere && related === undefined) return undefined;
      const snippets = related === undefined ? {} : { snippets: indexOf(related) };
      const read = isTrunkThere ? { trunk: { state: trunk.state, epoch: 0, renewal: 0 } } : {};
      return { path: IDENTITY.path, ...read, ...snippets };
    };
    return new Completer({ lm, repository });
  }

  async #complete(
    of: Completer,
    document: MirroredDocument,
    offset: number,
    access: ModelAccess,
    maxTokens: number,
    selected?: CompleteParams["selected"],
  ): Promise<void> {
    const place = { uri: IDENTITY.uri, version: document.version, offset, trigger: "invoke" } as const;
    const params = { ...place, ...(selected && { selected }) };
    const extent = { multiline: document.version % 2 === 0, maxTokens };
    await of.complete(document, { ...params, extent }, access).catch(unlessCancelled);
  }
}

const IDENTITY = { uri: "file:///a", path: "a", languageId: "plaintext" };
const RELATED_PATH = "b";

/** A text that was read before the document, as a repository is: branches share its state and its log. */
interface Trunk {
  readonly tokens: readonly TokenId[];
  readonly state: State;
}

/** Knows one snippet, and that the one before is no longer there. */
function indexOf(text: string): SnippetIndex {
  const snippet: Snippet = { path: RELATED_PATH, startLine: 0, endLine: 1, text, score: 1, reason: "similar" };
  const index = { retrieve: () => [snippet], has: () => true, updateOf: () => text, linesOf: () => text.split("\n") };
  return index as unknown as SnippetIndex;
}

async function readTrunk({ model, tokenizer, about }: LanguageModel, text: string): Promise<Trunk> {
  const tokens = [about.tokens.bos, ...(await tokenizer.encode(text))];
  return { tokens, state: (await model.forward(tokens, model.emptyState, [])).state };
}

/** The prompt ends with the whole window, tokenized at once by the library, less what healing cuts off the cursor's line. */
async function assertWholeTokens(lm: LanguageModel, library: Encoder, prefix: string, tokens: readonly TokenId[]) {
  const text = asRead(prefix);
  const idsOf = async (part: string) => (await library.encode(part, null, { addSpecialTokens: false })).getIds();
  const line = await idsOf(text.slice(text.lastIndexOf("\n") + 1));
  const whole = await idsOf(text);
  const healed = heal(line, lm.tokenizer.vocabulary).tokens;
  const header = await headerTokens(lm, IDENTITY.path);
  const before = [...whole.slice(0, whole.length - line.length), ...healed];
  const { bos, fimPrefix } = lm.about.tokens;
  const gapAt = lm.about.trained.fillInTheMiddle ? tokens.indexOf(fimPrefix!) : -1;
  if (gapAt === -1) assert.deepEqual(tokens, [bos, ...header, ...before]);
  else assert.deepEqual(tokens.slice(gapAt + 1), before);
}

/** As the model is told it. */
function asRead(text: string): string {
  // Half of a character that is two units has no bytes of its own.
  return Buffer.from(text.replace(/\r\n?/g, "\n")).toString();
}

function unlessCancelled(error: unknown): void {
  if (!(error instanceof Cancelled)) throw error;
}

/** Real programs in several languages: those that the recordings begin with. */
async function recordedFiles(): Promise<string[]> {
  const names = (await readdir("test/recordings")).filter((name) => name.endsWith(".jsonl")).sort();
  return Promise.all(
    names.map(async (name) => parseRecording(await readFile(join("test/recordings", name), "utf8")).header.text),
  );
}
