#ifndef CIMAGEFILES_H
#define CIMAGEFILES_H

#include <stddef.h>
#include <stdint.h>

// libpng, libjpeg-turbo and zlib as plain functions over memory: no macros, no longjmp into the caller.
// Each returns 0, or another number and one line of text in `message`.

enum { ci_message_size = 256 };

// Interleaved bytes, row by row; 1 channel (grey, or the indices of a palette) or 3 (red, green, blue).
typedef struct {
  int32_t width;
  int32_t height;
  int32_t channels;
  uint8_t *bytes;
} ci_picture;

// Decodes a PNG file; 16 bits are cut to 8, transparency is laid over black.
// keeps_indices: whether a palette's indices are wanted instead of its colours.
int ci_decode_png(const uint8_t *data, size_t size, int64_t pixel_limit, int keeps_indices,
                  ci_picture *picture, char message[ci_message_size]);

// Decodes a JPEG file; one that ends too early is an error.
int ci_decode_jpeg(const uint8_t *data, size_t size, int64_t pixel_limit, ci_picture *picture,
                   char message[ci_message_size]);

// Encodes a picture of 1 or 3 channels as PNG.
int ci_encode_png(const ci_picture *picture, uint8_t **data, size_t *size,
                  char message[ci_message_size]);

// Unpacks a gzip file of at most `limit` bytes.
int ci_gunzip(const uint8_t *data, size_t size, size_t limit, uint8_t **unpacked,
              size_t *unpacked_size, char message[ci_message_size]);

// Gives back what one of the functions above has made.
void ci_free(void *memory);

#endif
