// Register tiles of the 1×1 products. They are here because their loops must be unrolled as told:
// once the optimiser unrolled the loop over pixels as well, the sums no longer fitted the registers.
#pragma once

#include "Lanes.h"

/// y[o] = base[o] + Σ over `inputs` of weights[o] · x for `outputs` ≤ 6 rows of `pixels` ≤ 4 vectors side by
/// side; without a base the sums begin at zero. Strides count vectors, those of the weights floats;
/// `outputs` and `pixels` are constants of the caller.
static inline __attribute__((always_inline)) void pointwise_tile(
    long outputs, long pixels, const float *weights, long output_stride, long input_stride, long inputs,
    const void *x, long x_stride, void *y, long y_stride, const void *base, long base_stride) {
  lanes16 sums[6][4];
  TILE_UNROLLED for (long o = 0; o < outputs; o++) {
    TILE_UNROLLED for (long p = 0; p < pixels; p++) {
      sums[o][p] = base ? ((const lanes16 *)base)[o * base_stride + p] : (lanes16)0;
    }
  }
  if (pixels == 4) {
    // Two tiles on, while this one is multiplied: stores that miss every cache would hold it up.
    TILE_UNROLLED for (long o = 0; o < outputs; o++) {
      TILE_UNROLLED for (long p = 0; p < pixels; p++) {
        prefetch_for_write((lanes16 *)y + (o * y_stride + p + 8));
      }
    }
  }
  const lanes16 *values = x;
  TILE_ROLLED for (long input = 0; input < inputs; input++) {
    TILE_UNROLLED for (long p = 0; p < pixels; p++) {
      TILE_UNROLLED for (long o = 0; o < outputs; o++) {
        sums[o][p] = lanes16_fma(sums[o][p], (lanes16)weights[o * output_stride], values[p]);
      }
    }
    values += x_stride;
    weights += input_stride;
  }
  TILE_UNROLLED for (long o = 0; o < outputs; o++) {
    TILE_UNROLLED for (long p = 0; p < pixels; p++) ((lanes16 *)y)[o * y_stride + p] = sums[o][p];
  }
}

/// Adds to `gradient[o * gradient_stride + i]`, o < `height` ≤ 6 and i < `width` ≤ 4, the sums over groups,
/// pixels and lanes of dy[o] · x[i]. All strides count vectors, that of the gradient floats; `height` and
/// `width` are constants of the caller.
static inline __attribute__((always_inline)) void pointwise_gradient_tile(
    long height, long width, float *gradient, long gradient_stride, const void *dy, long dy_stride,
    long dy_group, const void *x, long x_stride, long x_group, long groups, long pixels) {
  register_lanes sums[6][4];
  TILE_UNROLLED for (long o = 0; o < height; o++) {
    TILE_UNROLLED for (long i = 0; i < width; i++) sums[o][i] = 0;
  }
  for (long group = 0; group < groups; group++) {
    const register_lanes *slopes = (const register_lanes *)((const lanes16 *)dy + group * dy_group);
    const register_lanes *values = (const register_lanes *)((const lanes16 *)x + group * x_group);
    TILE_ROLLED for (long at = 0; at < pixels * REGISTERS_PER_PIXEL; at++) {
      TILE_UNROLLED for (long i = 0; i < width; i++) {
        const register_lanes value = values[i * x_stride * REGISTERS_PER_PIXEL + at];
        TILE_UNROLLED for (long o = 0; o < height; o++) {
          sums[o][i] = __builtin_elementwise_fma(
              slopes[o * dy_stride * REGISTERS_PER_PIXEL + at], value, sums[o][i]);
        }
      }
    }
  }
  TILE_UNROLLED for (long o = 0; o < height; o++) {
    float *row = gradient + o * gradient_stride;
    if (width == 4) {
      const lanes4 totals = register_totals(sums[o][0], sums[o][1], sums[o][2], sums[o][3]);
      TILE_UNROLLED for (long i = 0; i < 4; i++) row[i] += totals[i];
    } else {
      TILE_UNROLLED for (long i = 0; i < width; i++) row[i] += register_total(sums[o][i]);
    }
  }
}
