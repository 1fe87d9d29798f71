// The vector operations that Swift has no dependable form of: its SIMD `addingProduct`,
// `squareRoot` and `clamped` are loops over lanes that the optimiser sometimes leaves as such.
#pragma once

/// A loop of a tile that must be unrolled, and one that must not.
#define TILE_UNROLLED _Pragma("clang loop unroll(full)")
#define TILE_ROLLED _Pragma("clang loop unroll(disable)")

typedef float lanes16 __attribute__((ext_vector_type(16)));
typedef float lanes8 __attribute__((ext_vector_type(8)));
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

/// A vector that fills a register: all lanes of a pixel, or half of them.
#ifdef __AVX512F__
typedef lanes16 register_lanes;
#else
typedef lanes8 register_lanes;
#endif

/// How many of them hold a pixel.
enum { REGISTERS_PER_PIXEL = sizeof(lanes16) / sizeof(register_lanes) };

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_fma(lanes16 sum, lanes16 a, lanes16 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes8 lanes8_fma(lanes8 sum, lanes8 a, lanes8 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// The larger of a and b, lane by lane; a where one is not a number. One instruction, as no lane has to be
/// asked whether it is.
static inline __attribute__((always_inline)) lanes16 lanes16_max(lanes16 a, lanes16 b) {
  return b > a ? b : a;
}

/// The smaller of a and b, lane by lane; a where one is not a number.
static inline __attribute__((always_inline)) lanes16 lanes16_min(lanes16 a, lanes16 b) {
  return b < a ? b : a;
}

/// The square root, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_sqrt(lanes16 a) {
  return __builtin_elementwise_sqrt(a);
}

/// Every lane moved to the next one, zero into the first.
static inline __attribute__((always_inline)) lanes16 lanes16_moved_up(lanes16 a) {
  return __builtin_shufflevector(a, (lanes16)0, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
}

/// Every lane moved to the one before, zero into the last.
static inline __attribute__((always_inline)) lanes16 lanes16_moved_down(lanes16 a) {
  return __builtin_shufflevector(a, (lanes16)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
}

/// e^a − 1 for a ≤ 0, lane by lane, to a few units in the last place also near zero.
static inline __attribute__((always_inline)) lanes16 lanes16_expm1_below_zero(lanes16 a) {
  typedef int ints16 __attribute__((ext_vector_type(16)));
  // Below −87 the result is −1 in single precision anyway, and 2^n would not be a normal number.
  const lanes16 x = lanes16_max(a, (lanes16)-87.0f);
  const lanes16 n = __builtin_elementwise_roundeven(x * 1.44269504f);
  // x = n · ln 2 + r with ln 2 in two parts; |r| ≤ ln 2 / 2.
  const lanes16 r = lanes16_fma(lanes16_fma(x, n, (lanes16)-0.693359375f), n, (lanes16)2.12194440e-4f);
  // Taylor's series of e^r − 1; its first term left out is below 2^−27.
  lanes16 p = lanes16_fma((lanes16)(1.0f / 720), r, (lanes16)(1.0f / 5040));
  p = lanes16_fma((lanes16)(1.0f / 120), r, p);
  p = lanes16_fma((lanes16)(1.0f / 24), r, p);
  p = lanes16_fma((lanes16)(1.0f / 6), r, p);
  p = lanes16_fma((lanes16)0.5f, r, p);
  p = lanes16_fma(r, r * r, p);
  union {
    ints16 bits;
    lanes16 values;
  } power = {(__builtin_convertvector(n, ints16) + 127) << 23};
  return lanes16_fma(power.values - 1.0f, power.values, p);
}

/// The sums of lanes that are four apart, in a fixed tree.
static inline __attribute__((always_inline)) lanes4 lanes16_quarter(lanes16 a) {
  return (a.lo.lo + a.hi.lo) + (a.lo.hi + a.hi.hi);
}

/// The sum over all lanes, in a fixed tree.
static inline __attribute__((always_inline)) float lanes16_total(lanes16 a) {
  const lanes4 four = lanes16_quarter(a);
  const lanes4 two = four + __builtin_shufflevector(four, four, 2, 3, 2, 3);
  return (two + __builtin_shufflevector(two, two, 1, 1, 1, 1)).x;
}

/// The sums of a register's lanes that are four apart, in a fixed tree.
static inline __attribute__((always_inline)) lanes4 register_quarter(register_lanes a) {
#ifdef __AVX512F__
  return lanes16_quarter(a);
#else
  return a.lo + a.hi;
#endif
}

/// The sums over all lanes of a, b, c and d, each added in the tree of `register_total`. All in vectors:
/// left to itself the optimiser gathers such sums from memory.
static inline __attribute__((always_inline)) lanes4 register_totals(
    register_lanes a, register_lanes b, register_lanes c, register_lanes d) {
  const lanes4 a4 = register_quarter(a), b4 = register_quarter(b);
  const lanes4 c4 = register_quarter(c), d4 = register_quarter(d);
  const lanes4 ab = __builtin_shufflevector(a4, b4, 0, 4, 1, 5) +
                    __builtin_shufflevector(a4, b4, 2, 6, 3, 7);
  const lanes4 cd = __builtin_shufflevector(c4, d4, 0, 4, 1, 5) +
                    __builtin_shufflevector(c4, d4, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// The sum over all lanes of a register, in a fixed tree.
static inline __attribute__((always_inline)) float register_total(register_lanes a) {
  const lanes4 four = register_quarter(a);
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

/// The sums over the lanes of eight vectors: lane i with lane i + 8, then 4, 2 and 1 apart, as one
/// vector after the other would be summed, in a third of the instructions.
static inline __attribute__((always_inline)) lanes8 lanes16_eight_totals(
    lanes16 a, lanes16 b, lanes16 c, lanes16 d, lanes16 e, lanes16 f, lanes16 g, lanes16 h) {
#define LANES16_FOLD(x, y, distance, ...) \
  (__builtin_shufflevector(x, y, __VA_ARGS__) + \
   __builtin_shufflevector(x, y, LANES16_SHIFTED(distance, __VA_ARGS__)))
#define LANES16_SHIFTED(n, i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15) \
  i0 + n, i1 + n, i2 + n, i3 + n, i4 + n, i5 + n, i6 + n, i7 + n, i8 + n, i9 + n, i10 + n, i11 + n, \
      i12 + n, i13 + n, i14 + n, i15 + n
#define LANES16_HALVES 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define LANES16_QUARTERS 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define LANES16_PAIRS 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29
  lanes16 ab = LANES16_FOLD(a, b, 8, LANES16_HALVES);
  lanes16 cd = LANES16_FOLD(c, d, 8, LANES16_HALVES);
  lanes16 ef = LANES16_FOLD(e, f, 8, LANES16_HALVES);
  lanes16 gh = LANES16_FOLD(g, h, 8, LANES16_HALVES);
  lanes16 abcd = LANES16_FOLD(ab, cd, 4, LANES16_QUARTERS);
  lanes16 efgh = LANES16_FOLD(ef, gh, 4, LANES16_QUARTERS);
  lanes16 all = LANES16_FOLD(abcd, efgh, 2, LANES16_PAIRS);
  return __builtin_shufflevector(all, all, 0, 2, 4, 6, 8, 10, 12, 14) +
         __builtin_shufflevector(all, all, 1, 3, 5, 7, 9, 11, 13, 15);
#undef LANES16_FOLD
#undef LANES16_SHIFTED
#undef LANES16_HALVES
#undef LANES16_QUARTERS
#undef LANES16_PAIRS
}

/// The sums over all lanes of eight registers.
static inline __attribute__((always_inline)) lanes8 register_eight_totals(
    register_lanes a, register_lanes b, register_lanes c, register_lanes d, register_lanes e,
    register_lanes f, register_lanes g, register_lanes h) {
#ifdef __AVX512F__
  return lanes16_eight_totals(a, b, c, d, e, f, g, h);
#else
  return __builtin_shufflevector(
      register_totals(a, b, c, d), register_totals(e, f, g, h), 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}
