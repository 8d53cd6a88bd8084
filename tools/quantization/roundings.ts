// Ways to round a row of weights. The converter's own stand beside plainer ones that it is compared with.

import { quantizeBlock4, quantizeBlock8 } from "../../test/support/quantize";

export type Rounding = "float32" | BlockRounding;

export interface BlockRounding {
  readonly bits: 4 | 8;
  /** Weights that share a scale. */
  readonly size: number;
  /** Without them value ≈ (q − 2^(bits − 1)) · scale. */
  readonly hasZeroPoints: boolean;
  /** Writes a block's q to `out` from `start` on, as models/README.md packs them. */
  round(block: Float32Array, out: Uint8Array, start: number): { readonly scale: number; readonly zeroPoint: number };
}

export const float32: Rounding = "float32";

export function nearest8(size: number): BlockRounding {
  const round: BlockRounding["round"] = (block, out, start) => ({
    scale: quantizeBlock8(block, out, start),
    zeroPoint: 128,
  });
  return { bits: 8, size, hasZeroPoints: false, round };
}

/** The converter's 4 bits. */
export function searched4(size: number): BlockRounding {
  return { bits: 4, size, hasZeroPoints: true, round: quantizeBlock4 };
}

/** The block's range in fifteen steps. */
export function nearest4(size: number): BlockRounding {
  return plain4(size, true, (block) => {
    const low = Math.min(0, ...block);
    const scale = (Math.max(0, ...block) - low) / 15;
    return { scale, zeroPoint: Math.round(-low / (scale || 1)) };
  });
}

/** The value that is furthest from zero becomes step −8. */
export function symmetric4(size: number): BlockRounding {
  return plain4(size, false, (block) => {
    const furthest = block.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0);
    return { scale: furthest / -8, zeroPoint: 8 };
  });
}

function plain4(
  size: number,
  hasZeroPoints: boolean,
  gridOf: (block: Float32Array) => { scale: number; zeroPoint: number },
): BlockRounding {
  const round: BlockRounding["round"] = (block, out, start) => {
    const { scale, zeroPoint } = gridOf(block);
    const q = (value: number) => Math.min(15, Math.max(0, Math.round(value / (scale || 1)) + zeroPoint));
    for (let i = 0; i < block.length; i += 2) out[start + i / 2] = q(block[i]!) | (q(block[i + 1]!) << 4);
    return { scale, zeroPoint };
  };
  return { bits: 4, size, hasZeroPoints, round };
}
