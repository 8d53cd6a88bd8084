// Which numbered items hold a term: an inverted index in typed arrays. Knows no text.
//
// minisearch was tried first: at 2,500 files one search took 150 ms and the index 70 MB, because each posting is an
// object. Here a posting is eight bytes in a linked list, and a removed item's postings are skipped until a sweep.

const EMPTY = 0;
/** A sweep waits for this many dead postings, and for a quarter of all. */
const FEWEST_TO_SWEEP = 50_000;
/** And is done in steps, so that nobody who types waits for it: so many postings take about 3 ms. */
const SWEPT_AT_ONCE = 20_000;

interface Sweep {
  /** With their ids. Those that come while it is under way come last, and need not be looked at. */
  readonly terms: MapIterator<[number, number]>;
  termsLeft: number;
  /** Their postings will be in no list then. */
  readonly items: readonly number[];
}

export class Postings {
  readonly #termIds = new Map<number, number>();
  #ids = 0;
  /** Those of terms that no item held when a sweep came to them. */
  readonly #freeIds: number[] = [];
  /** Per term: the first posting, and how many living items hold it. */
  #heads = new Uint32Array(1024);
  #frequencies = new Uint32Array(1024);
  /** Pairs: item and count, next posting. The first pair is not used: 0 ends a list. */
  #pairs = new Uint32Array(8192);
  #used = 1;
  #free = EMPTY;
  /** Postings of items that are not removed, and terms that any of them holds. */
  #living = 0;
  #livingTerms = 0;
  /** Postings of removed items that are still in the lists. */
  #dead = 0;
  /** Those of them that died since the last step of a sweep. */
  #newlyDead = 0;
  /** The sweep under way. */
  #sweep: Sweep | undefined;
  /** By item. */
  readonly #isAlive: boolean[] = [];
  #items = 0;
  readonly #freeItems: number[] = [];
  /** Numbers of removed items: free after the next sweep. */
  #removed: number[] = [];

  constructor(
    private readonly fewestToSweep = FEWEST_TO_SWEEP,
    private readonly sweptAtOnce = SWEPT_AT_ONCE,
  ) {}

  /** A new item's number; small, and used again after a removal. */
  add(counts: ReadonlyMap<number, number>): number {
    const item = this.#freeItems.pop() ?? this.#items++;
    this.#isAlive[item] = true;
    for (const [term, count] of counts) {
      const id = this.#termId(term);
      if (this.#frequencies[id]!++ === 0) this.#livingTerms++;
      this.#living++;
      this.#heads[id] = this.#newPair((item << COUNT_BITS) | Math.min(count, MOST_COUNT), this.#heads[id]!);
    }
    return item;
  }

  /** @param terms  those the item was added with */
  remove(item: number, terms: Iterable<number>): void {
    this.#isAlive[item] = false;
    this.#removed.push(item);
    for (const term of terms) {
      if (--this.#frequencies[this.#termIds.get(term)!]! === 0) this.#livingTerms--;
      this.#living--;
      this.#dead++;
      this.#newlyDead++;
    }
    if (this.#sweep === undefined && this.#dead > Math.max(this.fewestToSweep, this.#used / 4)) {
      this.#sweep = { terms: this.#termIds.entries(), termsLeft: this.#termIds.size, items: this.#removed };
      this.#removed = [];
    }
  }

  /**
   * The next step of a sweep, if one is under way: once for all that changes at once. Takes removed items' postings out of the
   * next lists, and forgets terms that no item holds any more: half-typed names, and what a program makes up anew each time.
   */
  sweepOn(): void {
    // As many postings as die in each step would keep it from ever being over.
    const atOnce = Math.max(this.sweptAtOnce, 2 * this.#newlyDead);
    this.#newlyDead = 0;
    const sweep = this.#sweep;
    if (sweep === undefined) return;
    for (let left = atOnce; left > 0 && sweep.termsLeft > 0; left--) {
      const [term, id] = sweep.terms.next().value!;
      sweep.termsLeft--;
      left -= this.#sweepList(id);
      if (this.#frequencies[id] === 0) {
        this.#termIds.delete(term);
        this.#freeIds.push(id);
      }
    }
    if (sweep.termsLeft > 0) return;
    this.#freeItems.push(...sweep.items.toReversed());
    this.#sweep = undefined;
  }

  /** How many items hold the term. */
  frequency(term: number): number {
    const id = this.#termIds.get(term);
    return id === undefined ? 0 : this.#frequencies[id]!;
  }

  forEach(term: number, use: (item: number, count: number) => void): void {
    const id = this.#termIds.get(term);
    if (id === undefined) return;
    const pairs = this.#pairs;
    const isAlive = this.#isAlive;
    for (let at = this.#heads[id]!; at !== EMPTY; at = pairs[2 * at + 1]!) {
      const posting = pairs[2 * at]!;
      const item = posting >>> COUNT_BITS;
      if (isAlive[item]) use(item, posting & MOST_COUNT);
    }
  }

  /** Item numbers are below this. */
  get itemLimit(): number {
    return this.#items;
  }

  /** What the living take: whoever removes items until this is small enough must see that it becomes so. The arrays never shrink. */
  get bytes(): number {
    return BYTES_PER_POSTING * this.#living + BYTES_PER_TERM * this.#livingTerms;
  }

  #termId(term: number): number {
    let id = this.#termIds.get(term);
    if (id === undefined) {
      id = this.#freeIds.pop() ?? this.#ids++;
      this.#termIds.set(term, id);
      if (id >= this.#heads.length) {
        this.#heads = grown(this.#heads);
        this.#frequencies = grown(this.#frequencies);
      }
    }
    return id;
  }

  #newPair(posting: number, next: number): number {
    let at = this.#free;
    if (at !== EMPTY) {
      this.#free = this.#pairs[2 * at + 1]!;
    } else {
      at = this.#used++;
      if (2 * at >= this.#pairs.length) this.#pairs = grown(this.#pairs);
    }
    this.#pairs[2 * at] = posting;
    this.#pairs[2 * at + 1] = next;
    return at;
  }

  /** @returns how many postings it had */
  #sweepList(id: number): number {
    const pairs = this.#pairs;
    let count = 0;
    let previous = EMPTY;
    for (let at = this.#heads[id]!; at !== EMPTY; count++) {
      const next = pairs[2 * at + 1]!;
      if (this.#isAlive[pairs[2 * at]! >>> COUNT_BITS]) {
        previous = at;
      } else {
        if (previous === EMPTY) this.#heads[id] = next;
        else pairs[2 * previous + 1] = next;
        pairs[2 * at + 1] = this.#free;
        this.#free = at;
        this.#dead--;
      }
      at = next;
    }
    return count;
  }
}

/** How often each term is there, as an item is added with. */
export function countsOf(terms: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

const COUNT_BITS = 4;
const MOST_COUNT = 15;

/** An array that grows by half is a fifth larger than what is in it, on average. */
const BYTES_PER_POSTING = 10;
/** Two numbers in such arrays, and a Map's entry of two small numbers. */
const BYTES_PER_TERM = 50;

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.ceil(array.length * 1.5) & ~1);
  larger.set(array);
  return larger;
}
