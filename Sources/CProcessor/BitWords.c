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
