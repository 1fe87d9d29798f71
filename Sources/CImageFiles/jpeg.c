#include "CImageFiles.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf place;
  char *message;
} errors;

static void on_error(j_common_ptr jpeg) {
  errors *own = (errors *)jpeg->err;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  snprintf(own->message, ci_message_size, "%s", text);
  longjmp(own->place, 1);
}

// The library goes on with grey where data is missing; here that is no picture.
static void on_message(j_common_ptr jpeg, int level) {
  if (level < 0) on_error(jpeg);
}

int ci_decode_jpeg(const uint8_t *data, size_t size, int64_t pixel_limit, ci_picture *picture,
                   char message[ci_message_size]) {
  struct jpeg_decompress_struct jpeg;
  errors own;
  uint8_t *volatile bytes = NULL;
  memset(&jpeg, 0, sizeof jpeg);
  jpeg.err = jpeg_std_error(&own.base);
  own.base.error_exit = on_error;
  own.base.emit_message = on_message;
  own.message = message;
  if (setjmp(own.place)) {
    jpeg_destroy_decompress(&jpeg);
    free(bytes);
    return 1;
  }
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, data, size);
  jpeg_read_header(&jpeg, TRUE);
  if ((int64_t)jpeg.image_width * jpeg.image_height > pixel_limit) {
    snprintf(message, ci_message_size, "too many pixels");
    longjmp(own.place, 1);
  }
  if (jpeg.num_components != 1 && jpeg.num_components != 3) {
    snprintf(message, ci_message_size, "found %d colour components, expected 1 or 3",
             jpeg.num_components);
    longjmp(own.place, 1);
  }
  jpeg.out_color_space = jpeg.num_components == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_start_decompress(&jpeg);
  const size_t row_bytes = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
  bytes = malloc(row_bytes * jpeg.output_height);
  if (!bytes) {
    snprintf(message, ci_message_size, "no memory");
    longjmp(own.place, 1);
  }
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = bytes + (size_t)jpeg.output_scanline * row_bytes;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  *picture = (ci_picture){(int32_t)jpeg.output_width, (int32_t)jpeg.output_height,
                          jpeg.output_components, bytes};
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return 0;
}
