// The vector operations that Swift has no dependable form of: its SIMD `addingProduct`,
// `squareRoot` and `clamped` are loops over lanes that the optimiser sometimes leaves as such.
#pragma once

typedef float lanes16 __attribute__((ext_vector_type(16)));
typedef float lanes4 __attribute__((ext_vector_type(4)));

/// Whether a vector of sixteen floats is one register, of which there are thirty-two; else it takes two
/// of sixteen.
static inline __attribute__((always_inline)) _Bool lanes16_fill_one_register(void) {
#ifdef __AVX512F__
  return 1;
#else
  return 0;
#endif
}

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_fma(lanes16 sum, lanes16 a, lanes16 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// The larger of a and b, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_max(lanes16 a, lanes16 b) {
  return __builtin_elementwise_max(a, b);
}

/// The smaller of a and b, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_min(lanes16 a, lanes16 b) {
  return __builtin_elementwise_min(a, b);
}

/// The square root, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_sqrt(lanes16 a) {
  return __builtin_elementwise_sqrt(a);
}

/// The sums of four lanes that are four apart, in a fixed tree.
static inline __attribute__((always_inline)) lanes4 lanes16_quarter(lanes16 a) {
  return (a.lo.lo + a.hi.lo) + (a.lo.hi + a.hi.hi);
}

/// The sums over all lanes of a, b, c and d, each added in the tree of `lanes16_total`. All in vectors:
/// left to itself the optimiser gathers such sums from memory.
static inline __attribute__((always_inline)) lanes4 lanes16_totals(
    lanes16 a, lanes16 b, lanes16 c, lanes16 d) {
  const lanes4 a4 = lanes16_quarter(a), b4 = lanes16_quarter(b);
  const lanes4 c4 = lanes16_quarter(c), d4 = lanes16_quarter(d);
  const lanes4 ab = __builtin_shufflevector(a4, b4, 0, 4, 1, 5) +
                    __builtin_shufflevector(a4, b4, 2, 6, 3, 7);
  const lanes4 cd = __builtin_shufflevector(c4, d4, 0, 4, 1, 5) +
                    __builtin_shufflevector(c4, d4, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// The sum over all lanes, in a fixed tree.
static inline __attribute__((always_inline)) float lanes16_total(lanes16 a) {
  const lanes4 four = lanes16_quarter(a);
  const lanes4 two = four + __builtin_shufflevector(four, four, 2, 3, 2, 3);
  return (two + __builtin_shufflevector(two, two, 1, 1, 1, 1)).x;
}

/// Asks for a cache line that is read soon, into the second-level cache; any address will do.
static inline __attribute__((always_inline)) void prefetch_soon(const void *place) {
  __builtin_prefetch(place, 0, 2);
}

/// Asks for a cache line that is written soon.
static inline __attribute__((always_inline)) void prefetch_for_write(const void *place) {
  __builtin_prefetch(place, 1, 2);
}

/// `one` where a bit of `bits` is one, else `zero`; bit i belongs to lane i.
static inline __attribute__((always_inline)) lanes16 lanes16_select(
    unsigned bits, lanes16 one, lanes16 zero) {
  typedef int ints16 __attribute__((ext_vector_type(16)));
  const ints16 places = {1 << 0,  1 << 1,  1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
                         1 << 8,  1 << 9,  1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
  ints16 all = (int)bits;
  return (all & places) != 0 ? one : zero;
}
