#include "CImageFiles.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *data;
  size_t size;
  size_t position;
} reader;

static void on_error(png_structp png, png_const_charp text) {
  char *message = png_get_error_ptr(png);
  snprintf(message, ci_message_size, "%s", text);
  longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
  reader *from = png_get_io_ptr(png);
  if (count > from->size - from->position) png_error(png, "the file ends too early");
  memcpy(bytes, from->data + from->position, count);
  from->position += count;
}

int ci_decode_png(const uint8_t *data, size_t size, int64_t pixel_limit, int keeps_indices,
                  ci_picture *picture, char message[ci_message_size]) {
  reader from = {data, size, 0};
  // Changed between setjmp and longjmp, and read after it.
  uint8_t *volatile bytes = NULL;
  png_bytep *volatile rows = NULL;
  png_infop info = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (png) info = png_create_info_struct(png);
  if (!png || !info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(message, ci_message_size, "no memory");
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    free(bytes);
    free((void *)rows);
    return 1;
  }
  png_set_read_fn(png, &from, read_bytes);
  png_set_user_limits(png, 1 << 20, 1 << 20);
  png_read_info(png, info);
  const int64_t width = png_get_image_width(png, info);
  const int64_t height = png_get_image_height(png, info);
  if (width * height > pixel_limit) png_error(png, "too many pixels");
  const int type = png_get_color_type(png, info);
  const int takes_indices = keeps_indices && type == PNG_COLOR_TYPE_PALETTE;
  if (keeps_indices && png_get_bit_depth(png, info) == 16)
    png_error(png, "16 bits a pixel, expected at most 8 where numbers are meant");
  png_set_strip_16(png);
  png_set_packing(png);
  if (!takes_indices) {
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (type == PNG_COLOR_TYPE_GRAY && !keeps_indices) png_set_expand_gray_1_2_4_to_8(png);
    if (png_get_valid(png, info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const int stored = png_get_channels(png, info);
  const size_t row_bytes = png_get_rowbytes(png, info);
  bytes = malloc(row_bytes * (size_t)height);
  rows = malloc(sizeof(png_bytep) * (size_t)height);
  if (!bytes || !rows) png_error(png, "no memory");
  for (int64_t y = 0; y < height; y++) rows[y] = bytes + (size_t)y * row_bytes;
  png_read_image(png, (png_bytepp)rows);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  free((void *)rows);

  const int channels = stored >= 3 ? 3 : 1;
  if (stored == 2 || stored == 4) {
    // Over black: every value in proportion to its opacity. In place, from the front.
    const int64_t pixels = width * height;
    for (int64_t pixel = 0; pixel < pixels; pixel++) {
      const uint8_t *source = bytes + pixel * stored;
      const unsigned opacity = source[stored - 1];
      for (int channel = 0; channel < channels; channel++) {
        bytes[pixel * channels + channel] = (uint8_t)((source[channel] * opacity + 127) / 255);
      }
    }
  }
  *picture = (ci_picture){(int32_t)width, (int32_t)height, channels, bytes};
  return 0;
}

typedef struct {
  uint8_t *data;
  size_t size;
  size_t capacity;
} writer;

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  writer *to = png_get_io_ptr(png);
  if (count > to->capacity - to->size) {
    const size_t capacity = (to->size + count) * 2;
    uint8_t *grown = realloc(to->data, capacity);
    if (!grown) png_error(png, "no memory");
    to->data = grown;
    to->capacity = capacity;
  }
  memcpy(to->data + to->size, bytes, count);
  to->size += count;
}

static void flush_bytes(png_structp png) { (void)png; }

int ci_encode_png(const ci_picture *picture, uint8_t **data, size_t *size,
                  char message[ci_message_size]) {
  writer to = {NULL, 0, 0};
  png_infop info = NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (png) info = png_create_info_struct(png);
  if (!png || !info) {
    png_destroy_write_struct(&png, NULL);
    snprintf(message, ci_message_size, "no memory");
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(to.data);
    return 1;
  }
  png_set_write_fn(png, &to, write_bytes, flush_bytes);
  png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
               picture->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const size_t row_bytes = (size_t)picture->width * (size_t)picture->channels;
  for (int32_t y = 0; y < picture->height; y++) {
    png_write_row(png, picture->bytes + (size_t)y * row_bytes);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *data = to.data;
  *size = to.size;
  return 0;
}

void ci_free(void *memory) { free(memory); }
