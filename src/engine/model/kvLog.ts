// The keys and values of one attention layer, as an append-only log that states share.
//
// A row is immutable once written. A `KvView` is what one state sees: the rows up to its position. Views of the same
// log cost nothing; a view that is not the log's newest copies the rows that its window still reaches before it
// writes, so no other view ever changes. So does a fork, which leaves the log's room to others. What it has written can move
// there later, if nobody else has used that room.

/** Keys and values of `headDim` numbers a row, from `first` (a token position) on. */
interface Log {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** Token position of row 0. */
  readonly first: number;
  /** Rows written so far. */
  rows: number;
}

export interface KvShape {
  readonly headDim: number;
  /** How many earlier tokens a query sees. */
  readonly window: number;
  /** Whether the first token's row is kept beyond the window. */
  readonly keepsFirst: boolean;
}

/** Where logs get their memory. */
export interface LogMemory {
  /** So many zeros. */
  take(size: number): Float32Array;
}

const OF_ITS_OWN: LogMemory = { take: (size) => new Float32Array(size) };

export interface KvRows {
  /** [count, headDim] */
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** Rows beyond the window that a log has room for: so many are appended to its newest view before the window is copied. */
export const SLACK_ROWS = 512;
/**
 * The same for a fork that begins with a few rows: it mostly writes a suggestion (72 tokens and a draft), and room that is
 * not used costs time, as it is zeroed. One that begins with many reads a prompt, and goes on.
 */
const FORK_SLACK_ROWS = 80;

export class KvView {
  private constructor(
    readonly shape: KvShape,
    private readonly log: Log,
    /** Tokens seen: the next row's position. */
    readonly position: number,
    /** The first token's row; zeros before it has been seen. Only kept when the shape says so. */
    readonly firstRow: KvRows,
    private readonly isFork = false,
  ) {}

  /** The view of a sequence that has not begun. */
  static empty(shape: KvShape): KvView {
    const none: KvRows = { keys: new Float32Array(shape.headDim), values: new Float32Array(shape.headDim) };
    const log: Log = { keys: new Float32Array(0), values: new Float32Array(0), first: 0, rows: 0 };
    return new KvView(shape, log, 0, none);
  }

  /** The view that saw these rows last: `window` are its visible rows, copied into a log with room for more. */
  static restore(shape: KvShape, position: number, window: KvRows, first: KvRows): KvView {
    const rows = Math.min(position, shape.window);
    for (const { length } of [window.keys, window.values]) {
      if (length !== rows * shape.headDim)
        throw new Error(`${length} numbers are not ${rows} rows of ${shape.headDim}`);
    }
    const log: Log = { keys: window.keys, values: window.values, first: position - rows, rows };
    const view = new KvView(shape, log, position, first);
    return new KvView(shape, view.#newLog(shape.window + SLACK_ROWS, OF_ITS_OWN), position, first);
  }

  /** How many rows a query at `position` finds in the past: the window's, or fewer at the start. */
  get visibleRows(): number {
    return Math.min(this.position, this.shape.window);
  }

  /** The last `visibleRows` rows, where they lie: not copied, not to be written. */
  get window(): KvRows {
    const end = (this.position - this.log.first) * this.shape.headDim;
    const begin = end - this.visibleRows * this.shape.headDim;
    return { keys: this.log.keys.subarray(begin, end), values: this.log.values.subarray(begin, end) };
  }

  /** The same object for all views that share a log. */
  get logIdentity(): object {
    return this.log;
  }

  /** Memory of that log, which its views share. */
  get logBytes(): number {
    return this.log.keys.byteLength + this.log.values.byteLength;
  }

  /** The same view, whose next rows go into a log of their own. */
  get fork(): KvView {
    return new KvView(this.shape, this.log, this.position, this.firstRow, true);
  }

  /** The view after `rows` more tokens. @param memory for a log that lasts: see `newLogSizes` */
  append(rows: KvRows, memory: LogMemory = OF_ITS_OWN): KvView {
    const { headDim } = this.shape;
    const count = rows.keys.length / headDim;
    const log = this.#writableLog(count, memory);
    const at = (this.position - log.first) * headDim;
    log.keys.set(rows.keys, at);
    log.values.set(rows.values, at);
    log.rows = this.position - log.first + count;
    return new KvView(this.shape, log, this.position + count, this.#firstAfter(rows));
  }

  /** How many numbers the parts of a log have that is begun for `count` more tokens, and lasts; none where no such log is. */
  newLogSizes(count: number): number[] {
    const size = this.#lastingCapacity(count) * this.shape.headDim;
    return size === 0 ? [] : [size, size];
  }

  /** The same view with what it has seen after `home` in that one's log; as it is, where that log has no room at its end. */
  movedTo(home: KvView): KvView {
    const from = home.position - this.log.first;
    const count = this.position - home.position;
    if (home.log === this.log || from < 0 || !home.#hasRoomFor(count)) return this;
    const begin = from * this.shape.headDim;
    const end = (from + count) * this.shape.headDim;
    return home.append({ keys: this.log.keys.subarray(begin, end), values: this.log.values.subarray(begin, end) });
  }

  #writableLog(count: number, memory: LogMemory): Log {
    if (this.#hasRoomFor(count)) return this.log;
    const lasting = this.#lastingCapacity(count);
    // A suggestion's is soon gone, and leaves its memory to the next one's.
    return lasting === 0
      ? this.#newLog(this.visibleRows + count + FORK_SLACK_ROWS, OF_ITS_OWN)
      : this.#newLog(lasting, memory);
  }

  /** Rows of a log that is begun for `count` more tokens, and lasts; 0: none is. */
  #lastingCapacity(count: number): number {
    if (this.#hasRoomFor(count) || (!this.#isNewest && count <= FORK_SLACK_ROWS)) return 0;
    return Math.max(this.shape.window + SLACK_ROWS, this.visibleRows + count);
  }

  #hasRoomFor(count: number): boolean {
    const capacity = this.log.keys.length / this.shape.headDim;
    return this.#isNewest && this.position - this.log.first + count <= capacity;
  }

  /** Whether the rows after its own are nobody's. */
  get #isNewest(): boolean {
    return !this.isFork && this.position - this.log.first === this.log.rows;
  }

  /** A log with room for so many rows, the first of which are those that this view sees. */
  #newLog(capacity: number, memory: LogMemory): Log {
    const { headDim } = this.shape;
    const kept = this.window;
    const keptRows = this.visibleRows;
    const size = capacity * headDim;
    const log: Log = {
      keys: memory.take(size),
      values: memory.take(size),
      first: this.position - keptRows,
      rows: keptRows,
    };
    log.keys.set(kept.keys);
    log.values.set(kept.values);
    return log;
  }

  #firstAfter(rows: KvRows): KvRows {
    if (!this.shape.keepsFirst || this.position > 0) return this.firstRow;
    return { keys: rows.keys.slice(0, this.shape.headDim), values: rows.values.slice(0, this.shape.headDim) };
  }
}
