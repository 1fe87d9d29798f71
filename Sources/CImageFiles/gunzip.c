#include "CImageFiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int ci_gunzip(const uint8_t *data, size_t size, size_t limit, uint8_t **unpacked,
              size_t *unpacked_size, char message[ci_message_size]) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // 15 bits of window, 16 for a gzip header.
  if (inflateInit2(&stream, 15 + 16) != Z_OK) {
    snprintf(message, ci_message_size, "no memory");
    return 1;
  }
  uint8_t *bytes = NULL;
  size_t count = 0, capacity = 0;
  stream.next_in = (uint8_t *)data;
  stream.avail_in = (uInt)size;
  int status = Z_OK;
  while (status == Z_OK) {
    if (count == capacity) {
      if (capacity == limit) {
        snprintf(message, ci_message_size, "more than %zu bytes when unpacked", limit);
        break;
      }
      size_t grown = capacity ? capacity * 2 : 1 << 16;
      if (grown > limit) grown = limit;
      uint8_t *moved = realloc(bytes, grown);
      if (!moved) {
        snprintf(message, ci_message_size, "no memory");
        break;
      }
      bytes = moved;
      capacity = grown;
    }
    stream.next_out = bytes + count;
    stream.avail_out = (uInt)(capacity - count);
    status = inflate(&stream, Z_NO_FLUSH);
    count = capacity - stream.avail_out;
    if (status == Z_BUF_ERROR && stream.avail_in == 0) {
      snprintf(message, ci_message_size, "the file ends too early");
    } else if (status != Z_OK && status != Z_STREAM_END) {
      snprintf(message, ci_message_size, "%s", stream.msg ? stream.msg : "no gzip file");
    }
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) {
    free(bytes);
    return 1;
  }
  *unpacked = bytes;
  *unpacked_size = count;
  return 0;
}
