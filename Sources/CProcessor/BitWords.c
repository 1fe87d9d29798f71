#include "BitWords.h"

#include <string.h>

typedef uint64_t words8 __attribute__((ext_vector_type(8)));
typedef uint32_t patterns16 __attribute__((ext_vector_type(16)));
typedef _Bool answers16 __attribute__((ext_vector_type(16)));

static inline words8 load(const uint64_t *words) {
  words8 value;
  memcpy(&value, words, sizeof value);
  return value;
}

static inline words8 ones(words8 a) {
#if __has_builtin(__builtin_elementwise_popcount)
  return __builtin_elementwise_popcount(a);
#else
  for (int i = 0; i < 8; i++) a[i] = (uint64_t)__builtin_popcountll(a[i]);
  return a;
#endif
}

static inline uint64_t sum(words8 a) {
  uint64_t total = 0;
  for (int i = 0; i < 8; i++) total += a[i];
  return total;
}

#ifdef __AVX512VPOPCNTDQ__

void bit_words_shared(const uint64_t *const *rows, const uint64_t *const *columns, long first,
                      long last, uint64_t *counts) {
  words8 sums[BIT_TILE][BIT_TILE] = {};
  long word = first;
  for (; word + 8 <= last; word += 8) {
    words8 right[BIT_TILE];
#pragma unroll
    for (int c = 0; c < BIT_TILE; c++) right[c] = load(columns[c] + word);
#pragma unroll
    for (int r = 0; r < BIT_TILE; r++) {
      words8 left = load(rows[r] + word);
#pragma unroll
      for (int c = 0; c < BIT_TILE; c++) sums[r][c] += ones(left & right[c]);
    }
  }
  for (int r = 0; r < BIT_TILE; r++) {
    for (int c = 0; c < BIT_TILE; c++) {
      uint64_t total = sum(sums[r][c]);
      for (long rest = word; rest < last; rest++) {
        total += (uint64_t)__builtin_popcountll(rows[r][rest] & columns[c][rest]);
      }
      counts[r * BIT_TILE + c] += total;
    }
  }
}

#else

// Counting the ones of a vector takes some eight instructions here, adding it to sums in binary digits
// (a carry-save adder) five. So sixteen vectors are added up before the ones of a digit are counted.

typedef uint64_t words4 __attribute__((ext_vector_type(4)));

// The carry of sum + a + b, bit by bit; what does not carry stays in the sum.
static inline words4 add_two(words4 *sum, words4 a, words4 b) {
  const words4 half = *sum ^ a;
  const words4 carry = (*sum & a) | (half & b);
  *sum = half ^ b;
  return carry;
}

// The carry of four into the digit after the next.
static inline words4 add_four(words4 digits[2], const words4 a[4]) {
  const words4 first = add_two(&digits[0], a[0], a[1]);
  const words4 second = add_two(&digits[0], a[2], a[3]);
  return add_two(&digits[1], first, second);
}

static inline uint64_t ones_of_four(words4 a) {
  return (uint64_t)(__builtin_popcountll(a[0]) + __builtin_popcountll(a[1]) +
                    __builtin_popcountll(a[2]) + __builtin_popcountll(a[3]));
}

// The ones that two vectors have in common.
static uint64_t shared_ones(const uint64_t *a, const uint64_t *b, long count) {
  words4 digits[4] = {};
  uint64_t sixteens = 0, total = 0;
  long word = 0;
  for (; word + 64 <= count; word += 64) {
    // Each vector meets itself once a block: time to ask for its next one.
    if (a == b) {
      for (int line = 0; line < 64; line += 8) __builtin_prefetch(a + count + word + line, 0, 3);
    }
    words4 fours[4];
#pragma unroll
    for (int quarter = 0; quarter < 4; quarter++) {
      words4 shared[4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        words4 left, right;
        memcpy(&left, a + word + 16 * quarter + 4 * i, sizeof left);
        memcpy(&right, b + word + 16 * quarter + 4 * i, sizeof right);
        shared[i] = left & right;
      }
      fours[quarter] = add_four(digits, shared);
    }
    sixteens += ones_of_four(add_four(digits + 2, fours));
  }
  for (int d = 0; d < 4; d++) total += ones_of_four(digits[d]) << d;
  for (; word < count; word++) total += (uint64_t)__builtin_popcountll(a[word] & b[word]);
  return total + 16 * sixteens;
}

void bit_words_shared(const uint64_t *const *rows, const uint64_t *const *columns, long first,
                      long last, uint64_t *counts) {
  for (int r = 0; r < BIT_TILE; r++) {
    for (int c = 0; c < BIT_TILE; c++) {
      // A tile of vectors with themselves has each pair twice.
      if (rows == columns && c < r) {
        counts[r * BIT_TILE + c] = counts[c * BIT_TILE + r];
      } else {
        counts[r * BIT_TILE + c] += shared_ones(rows[r] + first, columns[c] + first, last - first);
      }
    }
  }
}

#endif

uint64_t bit_words_ones(const uint64_t *words, long count) {
  words8 sums = 0;
  long word = 0;
  for (; word + 8 <= count; word += 8) sums += ones(load(words + word));
  uint64_t total = sum(sums);
  for (; word < count; word++) total += (uint64_t)__builtin_popcountll(words[word]);
  return total;
}

uint64_t bit_words_parity(const uint64_t *words, long count) {
  words8 folds[4] = {};
  long word = 0;
  for (; word + 32 <= count; word += 32) {
#pragma unroll
    for (int i = 0; i < 4; i++) folds[i] ^= load(words + word + 8 * i);
  }
  words8 all = folds[0] ^ folds[1] ^ folds[2] ^ folds[3];
  uint64_t parity = 0;
  for (int i = 0; i < 8; i++) parity ^= all[i];
  for (; word < count; word++) parity ^= words[word];
  return parity;
}

// The number of owners of each bit, as binary digits: digit d of bit i is bit i of digits[d].
static inline void add_owners(words8 digits[8], int digit_count, words8 carry) {
  for (int d = 0; d < digit_count; d++) {
    words8 next = digits[d] & carry;
    digits[d] ^= carry;
    carry = next;
  }
}

void bit_words_owners(const uint64_t *const *words, long vectors, long first, long last,
                      uint64_t *histogram) {
  int digit_count = 0;
  while (vectors >> digit_count) digit_count++;
  for (long word = first; word < last; word += 8) {
    long present = last - word < 8 ? last - word : 8;
    words8 digits[8] = {};
    for (long v = 0; v < vectors; v++) {
      words8 owned = 0;
      memcpy(&owned, words[v] + word, (size_t)present * sizeof(uint64_t));
      add_owners(digits, digit_count, owned);
    }
    // Those with no owner are what the others leave; so words beyond the last count for nothing.
    uint64_t owned = 0;
    for (long n = 1; n <= vectors; n++) {
      words8 equal = ~(words8)0;
      for (int d = 0; d < digit_count; d++) equal &= n >> d & 1 ? digits[d] : ~digits[d];
      uint64_t bits = sum(ones(equal));
      histogram[n] += bits;
      owned += bits;
    }
    histogram[0] += (uint64_t)present * 64 - owned;
  }
}

uint64_t bit_words_below(const float *values, uint32_t bound) {
  uint64_t below = 0;
#pragma unroll
  for (int part = 0; part < 4; part++) {
    patterns16 magnitudes;
    memcpy(&magnitudes, values + 16 * part, sizeof magnitudes);
    answers16 answers =
        __builtin_convertvector((magnitudes & 0x7fffffff) < (patterns16)bound, answers16);
    uint16_t bits;
    memcpy(&bits, &answers, sizeof bits);
    below |= (uint64_t)bits << (16 * part);
  }
  return below;
}
