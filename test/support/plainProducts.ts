// Calibration's products as sums of products, in float64.

import type { Products } from "../../src/engine/convert/calibration/products";

export const plainProducts: Products = {
  async transposed(a, b, { aFrom, aTo, bFrom } = { aFrom: 0, aTo: a.columns, bFrom: 0 }) {
    const rows = a.data.length / a.columns;
    const result: number[] = [];
    for (let i = aFrom; i < aTo; i++) {
      for (let j = bFrom; j < b.columns; j++) {
        let sum = 0;
        for (let k = 0; k < rows; k++) sum += a.data[k * a.columns + i]! * b.data[k * b.columns + j]!;
        result.push(sum);
      }
    }
    return Float32Array.from(result);
  },
};
