// Reads JSON that comes from elsewhere: an object whose every key must be known, and hold what is expected of it.

import { isCount, isObject } from "../../text/json";

/** Typed reading of a JSON object whose every key must be known. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #seen = new Set<string>();

  constructor(
    json: unknown,
    private readonly where: string,
  ) {
    if (!isObject(json)) throw new Error(`${where} is not an object`);
    this.#object = json;
  }

  value(key: string): unknown {
    this.#seen.add(key);
    const value = this.has(key) ? this.#object[key] : undefined;
    if (value === undefined) throw new Error(`${this.where}.${key} is missing`);
    return value;
  }

  positive(key: string): number {
    const value = this.value(key);
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) throw this.#not(key, "a positive number");
    return value;
  }

  count(key: string): number {
    const value = this.positive(key);
    if (!Number.isSafeInteger(value)) throw this.#not(key, "a whole number");
    return value;
  }

  flag(key: string): boolean {
    const value = this.value(key);
    if (typeof value !== "boolean") throw this.#not(key, "true or false");
    return value;
  }

  text(key: string): string {
    const value = this.value(key);
    if (typeof value !== "string") throw this.#not(key, "a text");
    return value;
  }

  /** A whole number of at least 0, and below `limit` if there is one. */
  index(key: string, limit = Number.MAX_SAFE_INTEGER): number {
    const value = this.value(key);
    if (isIndex(value, limit)) return value;
    throw this.#not(key, limit === Number.MAX_SAFE_INTEGER ? "a whole number" : `a whole number below ${limit}`);
  }

  indices(key: string, limit: number): readonly number[] {
    const values = this.list(key);
    if (!values.every((value) => isIndex(value, limit))) throw this.#not(key, `a list of whole numbers below ${limit}`);
    return values as readonly number[];
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key);
  }

  get keys(): readonly string[] {
    return Object.keys(this.#object);
  }

  list(key: string): readonly unknown[] {
    const value = this.value(key);
    if (!Array.isArray(value)) throw this.#not(key, "a list");
    return value;
  }

  oneOf<const T extends string>(key: string, allowed: readonly T[]): T {
    const found = allowed.find((name) => name === this.value(key));
    if (found === undefined) throw this.#not(key, `one of ${allowed.map((name) => `"${name}"`).join(", ")}`);
    return found;
  }

  refuseOthers(): void {
    const unknown = Object.keys(this.#object).find((key) => !this.#seen.has(key));
    if (unknown !== undefined) throw new Error(`${this.where}.${unknown} is not known to this version of Griffin Code`);
  }

  #not(key: string, expected: string): Error {
    return new Error(`${this.where}.${key} must be ${expected}, not ${JSON.stringify(this.#object[key])}`);
  }
}

function isIndex(value: unknown, limit: number): value is number {
  return isCount(value) && value < limit;
}
