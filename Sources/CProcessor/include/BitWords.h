// Loops over packed bits. The compiler turns the vectors into whatever the processor has, from VPOPCNTQ
// on 512 bits down to shifts and adds.
#pragma once

#include <stdint.h>

/// Rows and columns of a tile of pairs.
enum { BIT_TILE = 4 };

/// Adds to `counts[4 * r + c]` the ones that `rows[r]` and `columns[c]` have in common in the words
/// `first ..< last`.
void bit_words_shared(const uint64_t *const *rows, const uint64_t *const *columns, long first,
                      long last, uint64_t *counts);

/// Number of ones in `count` words.
uint64_t bit_words_ones(const uint64_t *words, long count);

/// The exclusive or of `count` words: no less and no more than reading them.
uint64_t bit_words_parity(const uint64_t *words, long count);

/// Adds to `histogram[n]`, n = 0 … `vectors`, how many bits of the words `first ..< last` are one in
/// exactly n of the vectors, of which there are at most 255.
void bit_words_owners(const uint64_t *const *words, long vectors, long first, long last,
                      uint64_t *histogram);

/// Which of 64 floats are smaller in magnitude than a bound; bit i belongs to float i. Magnitudes
/// are compared as the bit patterns without the sign, in whose order a NaN is above every number.
uint64_t bit_words_below(const float *values, uint32_t bound);
