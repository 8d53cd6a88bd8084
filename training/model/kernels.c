// The loops that torch has no fast operator for. Compiled by native.py, called through ctypes.
// `element` is what the products compute with, bf16 or float (native.py says which); sums are kept in float.

#include <math.h>
#include <stdint.h>
#include <string.h>

#ifdef FLOAT_ELEMENTS
typedef float element;
static inline float widen(element x) { return x; }
static inline element narrow(float f) { return f; }
#else
typedef uint16_t element;
static inline float widen(element x) { uint32_t u = (uint32_t)x << 16; float f; memcpy(&f, &u, 4); return f; }
static inline element narrow(float f) { uint32_t u; memcpy(&u, &f, 4); return (u + 0x7fff + ((u >> 16) & 1)) >> 16; }
#endif

// h[t] = a[t] h[t-1] + b[t] for `width` channels; h0 comes before.
void scan(const float *a, const float *b, const float *h0, float *h, int64_t tokens, int64_t width) {
  for (int64_t t = 0; t < tokens; t++) {
    const float *before = t ? h + (t - 1) * width : h0;
    for (int64_t i = 0; i < width; i++) h[t * width + i] = a[t * width + i] * before[i] + b[t * width + i];
  }
}

// From dh, the gradient of each h[t] by itself, to those of a and b. h0 is given, not learned.
void scan_backward(const float *a, const float *h0, const float *h, const float *dh, float *da, float *db,
                   int64_t tokens, int64_t width) {
  for (int64_t t = tokens - 1; t >= 0; t--) {
    const float *before = t ? h + (t - 1) * width : h0;
    for (int64_t i = 0; i < width; i++) {
      int64_t at = t * width + i;
      float g = dh[at] + (t + 1 < tokens ? a[at + width] * db[at + width] : 0.0f);
      db[at] = g;
      da[at] = g * before[i];
    }
  }
}

// In place: row r's scores become probabilities over the columns [low, high), and over extra[r] if there is `extra`: the
// score of one key more, -1e30 where there is none. `heads` rows following each other share low and high.
void window_softmax(element *scores, const int32_t *low, const int32_t *high, float *extra, int64_t rows,
                    int64_t columns, int64_t heads) {
#pragma omp parallel for
  for (int64_t r = 0; r < rows; r++) {
    element *row = scores + r * columns;
    int64_t from = low[r / heads], to = high[r / heads];
    float buffer[8192], most = extra ? extra[r] : -1e30f, sum = 0;
    for (int64_t i = from; i < to; i++) { float s = widen(row[i]); most = s > most ? s : most; }
    for (int64_t i = from; i < to; i++) { buffer[i] = expf(widen(row[i]) - most); sum += buffer[i]; }
    float last = extra ? expf(extra[r] - most) : 0, scale = 1 / (sum + last);  // A query sees at least itself.
    memset(row, 0, from * sizeof(element));
    for (int64_t i = from; i < to; i++) row[i] = narrow(buffer[i] * scale);
    memset(row + to, 0, (columns - to) * sizeof(element));
    if (extra) extra[r] = last * scale;
  }
}

// In place: dp, the gradient of the probabilities p, becomes that of the scores; so does dextra.
void softmax_backward(const element *p, element *dp, const float *extra, float *dextra, int64_t rows, int64_t columns) {
#pragma omp parallel for
  for (int64_t r = 0; r < rows; r++) {
    const element *x = p + r * columns;
    element *y = dp + r * columns;
    float dot = extra ? extra[r] * dextra[r] : 0;
    for (int64_t i = 0; i < columns; i++) dot += widen(x[i]) * widen(y[i]);
    for (int64_t i = 0; i < columns; i++) y[i] = narrow(widen(x[i]) * (widen(y[i]) - dot));
    if (extra) dextra[r] = extra[r] * (dextra[r] - dot);
  }
}

// y: x in 8 bits, `size` elements following each other with the scale max |x| / 127; half to even.
void round8(const element *x, element *y, int64_t groups, int64_t size) {
#pragma omp parallel for
  for (int64_t g = 0; g < groups; g++) {
    const element *from = x + g * size;
    element *to = y + g * size;
    float most = 1e-30f;
    for (int64_t i = 0; i < size; i++) { float a = fabsf(widen(from[i])); most = a > most ? a : most; }
    float scale = most / 127, inverse = 127 / most;
    for (int64_t i = 0; i < size; i++) to[i] = narrow(rintf(widen(from[i]) * inverse) * scale);
  }
}

// losses[r] = -log p(target) of a row of logits, which becomes its gradient times weights[r], in place.
void cross_entropy(element *logits, const int64_t *targets, const float *weights, float *losses, int64_t rows,
                   int64_t vocab) {
#pragma omp parallel for
  for (int64_t r = 0; r < rows; r++) {
    element *row = logits + r * vocab;
    float most = -1e30f, sum = 0;
    for (int64_t i = 0; i < vocab; i++) { float s = widen(row[i]); most = s > most ? s : most; }
    for (int64_t i = 0; i < vocab; i++) sum += expf(widen(row[i]) - most);
    float target = widen(row[targets[r]]), w = weights[r], scale = w / sum;
    losses[r] = logf(sum) + most - target;
    for (int64_t i = 0; i < vocab; i++) row[i] = narrow(expf(widen(row[i]) - most) * scale);
    row[targets[r]] = narrow((expf(target - most) / sum - 1) * w);
  }
}

// Norms of rows x (`wide`: float whatever an element is), as y = x / rms(x) * weight * scale.

static void load(const void *x, int64_t at, int64_t width, int64_t wide, float *row) {
  if (wide) memcpy(row, (const float *)x + at, width * 4);
  else for (int64_t i = 0; i < width; i++) row[i] = widen(((const element *)x)[at + i]);
}

static float inverse_rms(const float *row, int64_t width, float epsilon) {
  float sum = 0;
  for (int64_t i = 0; i < width; i++) sum += row[i] * row[i];
  return 1 / sqrtf(sum / width + epsilon);
}

// y: half-split rotated by the token's angles if `cosine`; `heads` rows following each other share a token's.
void norm_rope(const void *x, const float *weight, const float *cosine, const float *sine, element *y, int64_t rows,
               int64_t width, int64_t heads, int64_t wide, float epsilon, float scale) {
#pragma omp parallel for
  for (int64_t r = 0; r < rows; r++) {
    float row[1024];
    load(x, r * width, width, wide, row);
    float factor = inverse_rms(row, width, epsilon) * scale;
    for (int64_t i = 0; i < width; i++) row[i] *= factor * weight[i];
    element *out = y + r * width;
    if (!cosine) { for (int64_t i = 0; i < width; i++) out[i] = narrow(row[i]); continue; }
    int64_t half = width / 2;
    const float *c = cosine + r / heads * half, *s = sine + r / heads * half;
    for (int64_t i = 0; i < half; i++) {
      out[i] = narrow(row[i] * c[i] - row[i + half] * s[i]);
      out[i + half] = narrow(row[i + half] * c[i] + row[i] * s[i]);
    }
  }
}

// y float = residual + norm of x.
void add_norm(const float *residual, const element *x, const float *weight, float *y, int64_t rows, int64_t width,
              float epsilon) {
#pragma omp parallel for
  for (int64_t r = 0; r < rows; r++) {
    float row[1024];
    load(x, r * width, width, 0, row);
    float factor = inverse_rms(row, width, epsilon);
    for (int64_t i = 0; i < width; i++) y[r * width + i] = residual[r * width + i] + row[i] * factor * weight[i];
  }
}

// From dy (`dy_wide`: float) to dx of x's type, and dweight, which begins at zero. One thread: all rows add to dweight.
void norm_backward(const void *x, const float *weight, const float *cosine, const float *sine, const void *dy, void *dx,
                   float *dweight, int64_t rows, int64_t width, int64_t heads, int64_t wide, int64_t dy_wide,
                   float epsilon, float scale) {
  for (int64_t r = 0; r < rows; r++) {
    float g[1024], n[1024], rotated[1024], dot = 0;
    load(dy, r * width, width, dy_wide, g);
    load(x, r * width, width, wide, n);
    if (cosine) {
      int64_t half = width / 2;
      const float *c = cosine + r / heads * half, *s = sine + r / heads * half;
      memcpy(rotated, g, width * 4);
      for (int64_t i = 0; i < half; i++) {
        g[i] = rotated[i] * c[i] + rotated[i + half] * s[i];
        g[i + half] = rotated[i + half] * c[i] - rotated[i] * s[i];
      }
    }
    float inverse = inverse_rms(n, width, epsilon);
    for (int64_t i = 0; i < width; i++) {
      n[i] *= inverse;
      g[i] *= scale;
      dweight[i] += g[i] * n[i];
      g[i] *= weight[i];
      dot += g[i] * n[i];
    }
    dot /= width;
    for (int64_t i = 0; i < width; i++) g[i] = (g[i] - n[i] * dot) * inverse;
    if (wide) memcpy((float *)dx + r * width, g, width * 4);
    else for (int64_t i = 0; i < width; i++) ((element *)dx)[r * width + i] = narrow(g[i]);
  }
}

// gelu(gate) * up, the tanh form. The bound keeps exp finite: fast division makes a NaN of infinity.
static inline float gelu_angle(float x) {
  float z = 0.7978845608f * (x + 0.044715f * x * x * x);
  return z < -30 ? -30 : z;
}

void gated_gelu(const element *gate, const element *up, element *y, int64_t count) {
#pragma omp parallel for simd
  for (int64_t i = 0; i < count; i++) {
    float x = widen(gate[i]), z = gelu_angle(x);
    y[i] = narrow(x / (1 + expf(-2 * z)) * widen(up[i]));
  }
}

void gated_gelu_backward(const element *gate, const element *up, const element *dy, element *dgate, element *dup,
                         int64_t count) {
#pragma omp parallel for simd
  for (int64_t i = 0; i < count; i++) {
    float x = widen(gate[i]), z = gelu_angle(x), g = widen(dy[i]);
    float e = expf(-2 * z), s = 1 / (1 + e);  // (1 + tanh z) / 2, whose slope is 2 s s e: 1 - s would be rounding alone.
    dup[i] = narrow(g * x * s);
    dgate[i] = narrow(g * widen(up[i]) * (s + x * 2 * s * s * e * 0.7978845608f * (1 + 0.134145f * x * x)));
  }
}
