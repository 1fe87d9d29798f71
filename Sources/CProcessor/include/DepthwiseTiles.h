// The backward pass of a depthwise convolution of one plane. It is here for the same reason as the tiles of
// the 1×1 products: which loop is unrolled decides what fits the registers.
#pragma once

#include "Lanes.h"

/// What the backward pass of one plane reads and writes. Strides count vectors of sixteen floats.
typedef struct {
  /// The gradient of the outputs inside its zero border, and the way from one of its rows to the next.
  const void *dy;
  long dy_stride;
  /// The input as it is stored, and what the gradient of the input is added to or NULL.
  const void *y, *base;
  void *dx;
  /// What the next plane's `dy` is made of; asked for in time.
  const void *next_slope, *next_y;
  long rows, columns;
  /// z = max(floor, scale · y + shift) is what the convolution read; sums want y − mean.
  float scale, shift, mean, floor;
  const float *weights;
  /// Kernel × kernel sums, added to.
  float *weight_gradient;
} depthwise_plane;

/// What the normalisation of the input wants: Σ g and Σ g · (y − mean) with g = dx where the rectifier let the
/// input through.
typedef struct {
  float sum, products;
} depthwise_totals;

/// The sums of one plane.
typedef struct {
  register_lanes taps[5][5];
  register_lanes sum, products;
} depthwise_sums;

/// What one row of taps adds to the gradients of `width` registers' worth of pixels, and they to its sums.
/// line: the gradients of the outputs that its tap `first_column` takes to them.
static inline __attribute__((always_inline)) void depthwise_taps(
    long kernel, long stride, long width, const float *weights, const register_lanes *line,
    long first_column, const register_lanes x[4], register_lanes dx[4], register_lanes sums[5]) {
  TILE_UNROLLED for (long j = first_column; j < kernel; j += stride) {
    const register_lanes weight = weights[j];
    register_lanes sum = sums[j];
    TILE_UNROLLED for (long c = 0; c < width; c++) {
      const register_lanes slope = line[c - (j - first_column) / stride * REGISTERS_PER_PIXEL];
      dx[c] = __builtin_elementwise_fma(weight, slope, dx[c]);
      sum = __builtin_elementwise_fma(x[c], slope, sum);
    }
    sums[j] = sum;
  }
}

/// `width` registers' worth of pixels, `stride` apart, that the taps `first_row`, `first_row` + `stride`, … and
/// `first_column`, … meet.
static inline __attribute__((always_inline)) void depthwise_window(
    long kernel, long stride, long width, const depthwise_plane *plane, long pixel, const lanes16 *dy,
    long first_row, long first_column, depthwise_sums *sums) {
  enum { parts = REGISTERS_PER_PIXEL };
#define DEPTHWISE_PLACE(c) ((c) / parts * stride * parts + (c) % parts)
  const register_lanes *y = (const register_lanes *)((const lanes16 *)plane->y + pixel);
  register_lanes *to = (register_lanes *)((lanes16 *)plane->dx + pixel);
  const register_lanes floor = plane->floor;
  register_lanes x[4], dx[4];
  TILE_UNROLLED for (long c = 0; c < width; c++) {
    const register_lanes value = __builtin_elementwise_fma(
        (register_lanes)plane->scale, y[DEPTHWISE_PLACE(c)], (register_lanes)plane->shift);
    x[c] = value < floor ? floor : value;
    dx[c] = 0;
  }
  if (plane->base) {
    const register_lanes *base = (const register_lanes *)((const lanes16 *)plane->base + pixel);
    TILE_UNROLLED for (long c = 0; c < width; c++) dx[c] = base[DEPTHWISE_PLACE(c)];
  }
#define DEPTHWISE_ROWS                                                                                       \
  for (long i = first_row; i < kernel; i += stride)                                                          \
    depthwise_taps(                                                                                          \
        kernel, stride, width, plane->weights + i * kernel,                                                  \
        (const register_lanes *)(dy - (i - first_row) / stride * plane->dy_stride), first_column, x, dx,     \
        sums->taps[i])
  if (kernel == 3 && REGISTERS_PER_PIXEL == 1) {
    // The sums of all taps fit the registers.
    TILE_UNROLLED DEPTHWISE_ROWS;
  } else {
    // They stay in memory, and those of a row are loaded in turn.
    TILE_ROLLED DEPTHWISE_ROWS;
  }
#undef DEPTHWISE_ROWS
  // The next channel's planes lie behind this one's; a processor that has to wait for each of them spends
  // half of its time so.
  TILE_UNROLLED for (long c = 0; c < width / parts; c++) {
    const long next = pixel + c * stride + plane->rows * plane->columns;
    prefetch_soon((const lanes16 *)plane->y + next);
    prefetch_for_write((lanes16 *)plane->dx + next);
    if (stride == 1) {
      prefetch_soon((const lanes16 *)plane->next_slope + pixel + c);
      prefetch_soon((const lanes16 *)plane->next_y + pixel + c);
    }
  }
  TILE_UNROLLED for (long c = 0; c < width; c++) {
    const register_lanes g = x[c] > floor ? dx[c] : (register_lanes)0;
    to[DEPTHWISE_PLACE(c)] = dx[c];
    sums->sum += g;
    sums->products =
        __builtin_elementwise_fma(g, y[DEPTHWISE_PLACE(c)] - plane->mean, sums->products);
  }
#undef DEPTHWISE_PLACE
}

/// The columns of one row that the taps `first_column`, `first_column` + `stride`, … meet.
static inline __attribute__((always_inline)) void depthwise_span(
    long kernel, long stride, long width, const depthwise_plane *plane, long row, long first_row,
    long first_column, depthwise_sums *sums) {
  const long padding = kernel / 2;
  const long first = (first_column + padding) & (stride - 1);
  const long count = (plane->columns - first + stride - 1) / stride;
  // The output that tap (first_row, first_column) takes to the first of these pixels.
  const lanes16 *dy = (const lanes16 *)plane->dy + (row + padding - first_row) / stride * plane->dy_stride +
                      (first + padding - first_column) / stride;
  TILE_ROLLED for (long at = 0; at < count; at += width / REGISTERS_PER_PIXEL) {
    depthwise_window(
        kernel, stride, width, plane, row * plane->columns + first + at * stride, dy + at, first_row,
        first_column, sums);
  }
}

/// One row: literals, so that each case is a loop of its own.
static inline __attribute__((always_inline)) void depthwise_row(
    long kernel, long stride, long width, const depthwise_plane *plane, long row, long first_row,
    depthwise_sums *sums) {
  depthwise_span(kernel, stride, width, plane, row, first_row, 0, sums);
  if (stride == 2) depthwise_span(kernel, stride, width, plane, row, first_row, 1, sums);
}

/// Both gradients in one pass over the input's pixels, `width` registers at a time, which must divide a row.
/// `kernel` is 3 or 5 and `stride` 1 or 2; they and `width` are constants of the caller.
static inline __attribute__((always_inline)) depthwise_totals depthwise_backward(
    long kernel, long stride, long width, depthwise_plane plane) {
  depthwise_sums sums;
  TILE_UNROLLED for (long i = 0; i < kernel; i++) {
    TILE_UNROLLED for (long j = 0; j < kernel; j++) sums.taps[i][j] = 0;
  }
  sums.sum = sums.products = 0;
  TILE_ROLLED for (long row = 0; row < plane.rows; row++) {
    if (stride == 1 || ((row + kernel / 2) & 1) == 0) {
      depthwise_row(kernel, stride, width, &plane, row, 0, &sums);
    } else {
      depthwise_row(kernel, stride, width, &plane, row, 1, &sums);
    }
  }
  TILE_UNROLLED for (long i = 0; i < kernel; i++) {
    TILE_UNROLLED for (long j = 0; j < kernel; j++) {
      plane.weight_gradient[i * kernel + j] += register_total(sums.taps[i][j]);
    }
  }
  return (depthwise_totals){register_total(sums.sum), register_total(sums.products)};
}
