// The converter's inner loops, in AssemblyScript: compiled to WebAssembly with 128-bit SIMD when the project is built
// (tools/build/assemblyPlugin.mjs). test/support/plainKernels.ts has the same loops in plain TypeScript, with the same results to the
// bit. Pointers are offsets in the imported memory. All arithmetic is float32; nothing here allocates.

/** The float types of checkpoints, as wasmKernels.ts numbers them. */
const F16: i32 = 1;
const BF16: i32 = 2;

/** Memory from here on is free. */
export const heapBase: usize = __heap_base;

const INFINITY_BITS: i32 = 0x7f800000;
/** 1.5 · 2^23: a small float32 plus this has the nearest whole number, ties to even, in its low bits. */
const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;

/**
 * Numbers of `type` as float32.
 * @returns the bits of the largest magnitude, which are at least infinity's where there is an infinity or no number
 */
export function widen(type: i32, from: usize, to: usize, count: i32): i32 {
  if (type === BF16) return widenBfloat16(from, to, count);
  if (type === F16) return widenFloat16(from, to, count);
  return copyFloat32(from, to, count);
}

function widenBfloat16(from: usize, to: usize, count: i32): i32 {
  let largest = i32x4.splat(0);
  const vectors = count & ~7;
  for (let i = 0; i < vectors; i += 8) {
    const halves = v128.load(from + ((<usize>i) << 1));
    const low = i32x4.shl(i32x4.extend_low_i16x8_u(halves), 16);
    const high = i32x4.shl(i32x4.extend_high_i16x8_u(halves), 16);
    v128.store(to + ((<usize>i) << 2), low);
    v128.store(to + ((<usize>i) << 2), high, 16);
    largest = i32x4.max_s(largest, i32x4.max_s(magnitudes(low), magnitudes(high)));
  }
  let last = largestLane(largest);
  for (let i = vectors; i < count; i++) {
    const bits = (<i32>load<u16>(from + ((<usize>i) << 1))) << 16;
    store<i32>(to + ((<usize>i) << 2), bits);
    last = max(last, bits & i32.MAX_VALUE);
  }
  return last;
}

function widenFloat16(from: usize, to: usize, count: i32): i32 {
  let largest = i32x4.splat(0);
  const vectors = count & ~3;
  for (let i = 0; i < vectors; i += 4) {
    const wide = float16x4(v128.load64_zero(from + ((<usize>i) << 1)));
    v128.store(to + ((<usize>i) << 2), wide);
    largest = i32x4.max_s(largest, magnitudes(wide));
  }
  let last = largestLane(largest);
  for (let i = vectors; i < count; i++) {
    const bits = i32x4.extract_lane(float16x4(i16x8.splat(load<i16>(from + ((<usize>i) << 1)))), 0);
    store<i32>(to + ((<usize>i) << 2), bits);
    last = max(last, bits & i32.MAX_VALUE);
  }
  return last;
}

/** The low four float16. Multiplying by 2^112 moves the exponent to float32's, for the smallest numbers, too. */
function float16x4(halves: v128): v128 {
  const bits = i32x4.extend_low_i16x8_u(halves);
  const magnitude = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13);
  const value = f32x4.mul(magnitude, f32x4.splat(5.192296858534828e33));
  const isSpecial = i32x4.ge_s(magnitude, i32x4.splat(0x1f << 23));
  const special = v128.and(isSpecial, i32x4.splat(INFINITY_BITS));
  const fraction = v128.and(isSpecial, magnitude);
  const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
  return v128.or(v128.or(v128.andnot(value, isSpecial), v128.or(special, fraction)), sign);
}

function copyFloat32(from: usize, to: usize, count: i32): i32 {
  let largest = i32x4.splat(0);
  const vectors = count & ~3;
  for (let i = 0; i < vectors; i += 4) {
    const values = v128.load(from + ((<usize>i) << 2));
    v128.store(to + ((<usize>i) << 2), values);
    largest = i32x4.max_s(largest, magnitudes(values));
  }
  let last = largestLane(largest);
  for (let i = vectors; i < count; i++) {
    const bits = load<i32>(from + ((<usize>i) << 2));
    store<i32>(to + ((<usize>i) << 2), bits);
    last = max(last, bits & i32.MAX_VALUE);
  }
  return last;
}

/** Rounds `count` floats to int8 at `out`, from −127 to 127, so that value ≈ int8 · scale. */
export function quantizeRow(row: usize, count: i32, scale: f32, out: usize): void {
  const vectors = count & ~15;
  for (let i = 0; i < vectors; i += 16) {
    const from = row + ((<usize>i) << 2);
    v128.store(out + i, i8x16.max_s(bytes(from, f32x4.splat(scale)), i8x16.splat(-127)));
  }
  for (let i = vectors; i < count; i++) store<i8>(out + i, wholeStep(load<f32>(row + ((<usize>i) << 2)), scale));
}

/** Rounds a row's blocks to bytes around 128; one scale a block. `size` is a multiple of 16, `count` of `size`. */
export function quantizeBlocks8(row: usize, count: i32, size: i32, out: usize, scales: usize): void {
  const end = row + ((<usize>count) << 2);
  for (let block = row; block < end; block += (<usize>size) << 2) {
    let largest = i32x4.splat(0);
    for (let i = 0; i < size; i += 4) largest = i32x4.max_s(largest, magnitudes(v128.load(block + ((<usize>i) << 2))));
    const scale = reinterpret<f32>(largestLane(largest)) / 127;
    store<f32>(scales, scale);
    scales += 4;
    const divisor = f32x4.splat(scale === 0 ? 1 : scale);
    for (let i = 0; i < size; i += 16) {
      const signed = i8x16.max_s(bytes(block + ((<usize>i) << 2), divisor), i8x16.splat(-127));
      v128.store(out, v128.xor(signed, i8x16.splat(-128)));
      out += 16;
    }
  }
}

/** Rounds a row's blocks to four bits; one scale and one zero point a block. `size` is a multiple of 16, at most 128. */
export function quantizeBlocks4(row: usize, count: i32, size: i32, out: usize, scales: usize, zeroPoints: usize): void {
  const blocks = count / size;
  for (let index = 0; index < blocks; index++) {
    searchGrid(row + ((<usize>(index * size)) << 2), size);
    store<f32>(scales + ((<usize>index) << 2), bestScale);
    const at = zeroPoints + (index >> 1);
    const zeroPoint = <u8>bestZeroPoint;
    store<u8>(at, index & 1 ? load<u8>(at) | (zeroPoint << 4) : zeroPoint);
    for (let i = 0; i < size; i += 16) {
      const bytes = i8x16.narrow_i16x8_u(
        onGrid(FRACTIONS + ((<usize>i) << 1)),
        onGrid(FRACTIONS + ((<usize>i) << 1) + 16),
      );
      const pairs = v128.and(v128.or(bytes, i16x8.shr_u(bytes, 4)), i16x8.splat(0xff));
      v128.store64_lane(out, i8x16.narrow_i16x8_u(pairs, pairs), 0);
      out += 8;
    }
  }
}

/** The block's values in 2^14ths of its range, 16 bits each. */
const FRACTIONS = memory.data(256, 16);
const FRACTION_UNIT: f32 = 16384;

/** The grid that the last searchGrid found. */
let bestScale: f32 = 0;
let bestZeroPoint: i32 = 0;
let bestSteps: i32 = 0;

/** See bestGrid in test/support/quantize.ts. */
function searchGrid(block: usize, size: i32): void {
  let lowest = f32x4.splat(0);
  let highest = f32x4.splat(0);
  for (let i = 0; i < size; i += 4) {
    const values = v128.load(block + ((<usize>i) << 2));
    lowest = f32x4.pmin(lowest, values);
    highest = f32x4.pmax(highest, values);
  }
  const low = smallestLane(lowest);
  const range = -smallestLane(f32x4.neg(highest)) - low;
  const tooSmall = range < SMALLEST_RANGE;
  const factor: f32 = tooSmall ? 0 : FRACTION_UNIT / range;
  for (let i = 0; i < size; i += 8) {
    const from = block + ((<usize>i) << 2);
    const fractions = i16x8.narrow_i32x4_s(wholes(from, factor), wholes(from + 16, factor));
    v128.store(FRACTIONS + ((<usize>i) << 1), fractions);
  }
  bestScale = 0;
  bestZeroPoint = 8;
  bestSteps = STEPS_A;
  if (tooSmall) return;
  const below = reinterpret<i32>(-low * factor + ROUNDER) - ROUNDER_BITS;
  tryGrids(size, below);
  bestScale = <f32>(((<f64>bestProduct / <f64>bestSquare) * range) / FRACTION_UNIT);
}

/** Below it a block's values are as good as zero. */
const SMALLEST_RANGE: f32 = 1e-30;
/** Half steps that the range is cut into. */
const STEPS_A: i32 = 30;
const STEPS_B: i32 = 32;
const STEPS_C: i32 = 34;

let bestGain: f32 = 0;
let bestProduct: i32 = 0;
let bestSquare: i32 = 0;

/** The three grids in one pass over the block. @param below how far the range reaches below zero, in fractions */
function tryGrids(size: i32, below: i32): void {
  const zeroA = fittingZeroPoint(below, STEPS_A);
  const zeroB = fittingZeroPoint(below, STEPS_B);
  const zeroC = fittingZeroPoint(below, STEPS_C);
  const leastA = i16x8.splat(<i16>-zeroA);
  const leastB = i16x8.splat(<i16>-zeroB);
  const leastC = i16x8.splat(<i16>-zeroC);
  const mostA = i16x8.splat(<i16>(15 - zeroA));
  const mostB = i16x8.splat(<i16>(15 - zeroB));
  const mostC = i16x8.splat(<i16>(15 - zeroC));
  let productsA = i32x4.splat(0);
  let productsB = i32x4.splat(0);
  let productsC = i32x4.splat(0);
  let squaresA = i32x4.splat(0);
  let squaresB = i32x4.splat(0);
  let squaresC = i32x4.splat(0);
  const end = FRACTIONS + ((<usize>size) << 1);
  for (let at: usize = FRACTIONS; at < end; at += 16) {
    const fractions = v128.load(at);
    const a = i16x8.min_s(mostA, i16x8.max_s(leastA, i16x8.q15mulr_sat_s(fractions, i16x8.splat(<i16>STEPS_A))));
    const b = i16x8.min_s(mostB, i16x8.max_s(leastB, i16x8.q15mulr_sat_s(fractions, i16x8.splat(<i16>STEPS_B))));
    const c = i16x8.min_s(mostC, i16x8.max_s(leastC, i16x8.q15mulr_sat_s(fractions, i16x8.splat(<i16>STEPS_C))));
    productsA = i32x4.add(productsA, i32x4.dot_i16x8_s(fractions, a));
    productsB = i32x4.add(productsB, i32x4.dot_i16x8_s(fractions, b));
    productsC = i32x4.add(productsC, i32x4.dot_i16x8_s(fractions, c));
    squaresA = i32x4.add(squaresA, i32x4.dot_i16x8_s(a, a));
    squaresB = i32x4.add(squaresB, i32x4.dot_i16x8_s(b, b));
    squaresC = i32x4.add(squaresC, i32x4.dot_i16x8_s(c, c));
  }
  const products = sumsOfLanes(productsA, productsB, productsC);
  const squares = sumsOfLanes(squaresA, squaresB, squaresC);
  const product = f32x4.convert_i32x4_s(products);
  // Not numbers when all steps are 0: then they are not greater.
  const gains = f32x4.div(f32x4.mul(product, product), f32x4.convert_i32x4_s(squares));
  bestGain = 0;
  keepBetter(
    f32x4.extract_lane(gains, 0),
    i32x4.extract_lane(products, 0),
    i32x4.extract_lane(squares, 0),
    STEPS_A,
    zeroA,
  );
  keepBetter(
    f32x4.extract_lane(gains, 1),
    i32x4.extract_lane(products, 1),
    i32x4.extract_lane(squares, 1),
    STEPS_B,
    zeroB,
  );
  keepBetter(
    f32x4.extract_lane(gains, 2),
    i32x4.extract_lane(products, 2),
    i32x4.extract_lane(squares, 2),
    STEPS_C,
    zeroC,
  );
}

function fittingZeroPoint(below: i32, steps: i32): i32 {
  return max(0, min(15, (below * steps - (steps - STEPS_A) * 8192 + 16384) >> 15));
}

function keepBetter(gain: f32, product: i32, square: i32, steps: i32, zeroPoint: i32): void {
  if (!(gain > bestGain)) return;
  bestGain = gain;
  bestProduct = product;
  bestSquare = square;
  bestSteps = steps;
  bestZeroPoint = zeroPoint;
}

/** Eight of the block's values on the best grid, 16 bits each. */
function onGrid(from: usize): v128 {
  const rounded = i16x8.q15mulr_sat_s(v128.load(from), i16x8.splat(<i16>bestSteps));
  const shifted = i16x8.add(rounded, i16x8.splat(<i16>bestZeroPoint));
  return i16x8.min_s(i16x8.splat(15), i16x8.max_s(i16x8.splat(0), shifted));
}

/** Four floats times `factor`, to the nearest whole number. */
function wholes(from: usize, factor: f32): v128 {
  const rounded = f32x4.add(f32x4.mul(v128.load(from), f32x4.splat(factor)), f32x4.splat(ROUNDER));
  return i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
}

/** The sums of the lanes of a, b, c, and c again. */
function sumsOfLanes(a: v128, b: v128, c: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cc = i32x4.add(v128.shuffle<i32>(c, c, 0, 0, 1, 1), v128.shuffle<i32>(c, c, 2, 2, 3, 3));
  return i32x4.add(v128.shuffle<i32>(ab, cc, 0, 1, 4, 5), v128.shuffle<i32>(ab, cc, 2, 3, 6, 7));
}

function smallestLane(lanes: v128): f32 {
  const pairs = f32x4.pmin(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return min(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** Of the columns that are rounded, four rows each. */
const ERRORS = memory.data(128 * 16, 16);

/**
 * Columns of rows to steps from 0 to 15, from the last to the first, each after it has taken its shares of the errors
 * of those before. Values are [columns, rows], shares [columns, columns].
 */
export function roundTile(
  values: usize,
  rows: usize,
  columns: usize,
  shares: usize,
  scales: usize,
  zeroPoints: usize,
  steps: usize,
): void {
  const vectors = rows & ~(<usize>3);
  for (let row: usize = 0; row < vectors; row += 4) {
    const scale = v128.load(scales + (row << 2));
    const zeroPoint = v128.load(zeroPoints + (row << 2));
    const perStep = v128.and(f32x4.div(f32x4.splat(1), scale), f32x4.ne(scale, f32x4.splat(0)));
    for (let i = columns; i-- > 0; ) {
      const at = i * rows + row;
      let wanted = v128.load(values + (at << 2));
      let share = shares + ((i * columns + i + 1) << 2);
      for (let k = i + 1; k < columns; k++) {
        wanted = f32x4.add(wanted, f32x4.mul(v128.load(ERRORS + (k << 4)), v128.load32_splat(share)));
        share += 4;
      }
      const nearest = f32x4.add(f32x4.nearest(f32x4.mul(wanted, perStep)), zeroPoint);
      const step = f32x4.max(f32x4.splat(0), f32x4.min(f32x4.splat(15), nearest));
      const value = f32x4.mul(f32x4.sub(step, zeroPoint), scale);
      v128.store(ERRORS + (i << 4), f32x4.sub(wanted, value));
      v128.store(values + (at << 2), value);
      const whole = i32x4.trunc_sat_f32x4_s(step);
      const narrow = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(whole, whole), i16x8.splat(0));
      store<i32>(steps + at, i32x4.extract_lane(narrow, 0));
    }
  }
  for (let row = vectors; row < rows; row++) {
    const scale = load<f32>(scales + (row << 2));
    const zeroPoint = load<f32>(zeroPoints + (row << 2));
    const perStep: f32 = scale === 0 ? 0 : 1 / scale;
    for (let i = columns; i-- > 0; ) {
      const at = i * rows + row;
      let wanted = load<f32>(values + (at << 2));
      for (let k = i + 1; k < columns; k++) {
        wanted += load<f32>(ERRORS + (k << 4)) * load<f32>(shares + ((i * columns + k) << 2));
      }
      const step = max<f32>(0, min<f32>(15, nearest<f32>(wanted * perStep) + zeroPoint));
      const value = (step - zeroPoint) * scale;
      store<f32>(ERRORS + (i << 4), wanted - value);
      store<f32>(values + (at << 2), value);
      store<u8>(steps + at, <u8>step);
    }
  }
}

/** to[column · stride + row] = from[row · columns + column], bytes. */
export function transpose(from: usize, rows: usize, columns: usize, to: usize, stride: usize): void {
  const wholeRows = rows & ~(<usize>15);
  const wholeColumns = columns & ~(<usize>15);
  for (let column: usize = 0; column < wholeColumns; column += 16) {
    for (let row: usize = 0; row < wholeRows; row += 16) {
      transposeTile(from + row * columns + column, columns, to + column * stride + row, stride);
    }
  }
  for (let column: usize = 0; column < columns; column++) {
    const first = column < wholeColumns ? wholeRows : 0;
    for (let row = first; row < rows; row++) {
      store<u8>(to + column * stride + row, load<u8>(from + row * columns + column));
    }
  }
}

const TILE_A = memory.data(256, 16);
const TILE_B = memory.data(256, 16);

/** 16 × 16 bytes: interleaving the upper half's rows with the lower half's transposes when it is done four times. */
function transposeTile(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  for (let row: usize = 0; row < 16; row++) v128.store(TILE_A + (row << 4), v128.load(from + row * fromStride));
  interleave(TILE_A, TILE_B);
  interleave(TILE_B, TILE_A);
  interleave(TILE_A, TILE_B);
  interleave(TILE_B, TILE_A);
  for (let row: usize = 0; row < 16; row++) v128.store(to + row * toStride, v128.load(TILE_A + (row << 4)));
}

function interleave(from: usize, to: usize): void {
  for (let row: usize = 0; row < 8; row++) {
    const a = v128.load(from + (row << 4));
    const b = v128.load(from + (row << 4), 128);
    v128.store(to + (row << 5), v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(
      to + (row << 5),
      v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      16,
    );
  }
}

/** 16 floats as whole steps, cut at what a byte holds. */
function bytes(from: usize, scale: v128): v128 {
  const low = i16x8.narrow_i32x4_s(steps(from, scale), steps(from + 16, scale));
  const high = i16x8.narrow_i32x4_s(steps(from + 32, scale), steps(from + 48, scale));
  return i8x16.narrow_i16x8_s(low, high);
}

function steps(from: usize, scale: v128): v128 {
  const rounded = f32x4.add(f32x4.div(v128.load(from), scale), f32x4.splat(ROUNDER));
  return i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
}

function wholeStep(value: f32, scale: f32): i8 {
  return <i8>min(127, max(-127, reinterpret<i32>(value / scale + ROUNDER) - ROUNDER_BITS));
}

function magnitudes(bits: v128): v128 {
  return v128.and(bits, i32x4.splat(i32.MAX_VALUE));
}

function largestLane(lanes: v128): i32 {
  const pairs = i32x4.max_s(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return max(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}
