#include "CAudioFiles.h"

#include <math.h>
#include <samplerate.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A file in memory, for reading or growing.
typedef struct {
  uint8_t *data;
  sf_count_t size;
  sf_count_t capacity;
  sf_count_t position;
} memory_file;

static sf_count_t length_of(void *user) { return ((memory_file *)user)->size; }

static sf_count_t seek_to(sf_count_t offset, int whence, void *user) {
  memory_file *file = user;
  sf_count_t base = 0;
  if (whence == SEEK_CUR) base = file->position;
  if (whence == SEEK_END) base = file->size;
  // Beyond the end there is nothing to read, and nothing is written there either.
  if (offset < -base || offset > file->size - base) return -1;
  return file->position = base + offset;
}

static sf_count_t read_from(void *to, sf_count_t count, void *user) {
  memory_file *file = user;
  const sf_count_t rest = file->size - file->position;
  if (count > rest) count = rest;
  if (count <= 0) return 0;
  memcpy(to, file->data + file->position, (size_t)count);
  file->position += count;
  return count;
}

static sf_count_t write_to(const void *from, sf_count_t count, void *user) {
  memory_file *file = user;
  const sf_count_t end = file->position + count;
  if (end > file->capacity) {
    uint8_t *grown = realloc(file->data, (size_t)end * 2);
    if (!grown) return 0;
    file->data = grown;
    file->capacity = end * 2;
  }
  memcpy(file->data + file->position, from, (size_t)count);
  file->position = end;
  if (end > file->size) file->size = end;
  return count;
}

static sf_count_t tell(void *user) { return ((memory_file *)user)->position; }

static SF_VIRTUAL_IO in_memory = {length_of, seek_to, read_from, write_to, tell};

static int fail(char *message, const char *text) {
  snprintf(message, ca_message_size, "%s", text);
  return 1;
}

enum { block = 4096 };

int ca_decode(const uint8_t *data, size_t size, int64_t limit, ca_sound *sound,
              char message[ca_message_size]) {
  // Opened for reading only: nothing writes through this pointer.
  memory_file file = {(uint8_t *)(uintptr_t)data, (sf_count_t)size, (sf_count_t)size, 0};
  SF_INFO info = {0};
  SNDFILE *source = sf_open_virtual(&in_memory, SFM_READ, &info, &file);
  if (!source) return fail(message, sf_strerror(NULL));
  const int channels = info.channels;
  float *frames = malloc(sizeof(float) * (size_t)channels * block);
  float *samples = NULL;
  int64_t count = 0, capacity = 0;
  int status = frames ? 0 : fail(message, "no memory");
  while (status == 0) {
    const sf_count_t got = sf_readf_float(source, frames, block);
    if (got <= 0) break;
    if (count + got > limit) {
      snprintf(message, ca_message_size, "found more than %lld samples, expected at most so many",
               (long long)limit);
      status = 1;
      break;
    }
    if (count + got > capacity) {
      const int64_t wanted = (count + got) * 2;
      float *grown = realloc(samples, sizeof(float) * (size_t)wanted);
      if (!grown) {
        status = fail(message, "no memory");
        break;
      }
      samples = grown;
      capacity = wanted;
    }
    for (sf_count_t i = 0; i < got; i++) {
      float sum = 0;
      for (int c = 0; c < channels; c++) sum += frames[i * channels + c];
      samples[count + i] = sum / (float)channels;
    }
    count += got;
  }
  if (status == 0 && sf_error(source)) status = fail(message, sf_strerror(source));
  if (status == 0 && info.frames < SF_COUNT_MAX && count < info.frames) {
    snprintf(message, ca_message_size, "ends after %lld of %lld samples", (long long)count,
             (long long)info.frames);
    status = 1;
  }
  sf_close(source);
  free(frames);
  if (status != 0) {
    free(samples);
    return status;
  }
  *sound = (ca_sound){info.samplerate, count, samples};
  return 0;
}

int ca_encode_wav(const ca_sound *sound, uint8_t **data, size_t *size,
                  char message[ca_message_size]) {
  memory_file file = {NULL, 0, 0, 0};
  SF_INFO info = {0};
  info.samplerate = sound->rate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE *to = sf_open_virtual(&in_memory, SFM_WRITE, &info, &file);
  if (!to) {
    free(file.data);
    return fail(message, sf_strerror(NULL));
  }
  int status = 0;
  short values[block];
  for (int64_t start = 0; start < sound->count && status == 0; start += block) {
    const int64_t rest = sound->count - start;
    const int64_t count = rest < block ? rest : block;
    for (int64_t i = 0; i < count; i++) {
      // The scale of reading, so that what was read is written back unchanged.
      const long value = lrintf(sound->samples[start + i] * 32768);
      values[i] = (short)(value > 32767 ? 32767 : value < -32768 ? -32768 : value);
    }
    if (sf_writef_short(to, values, count) != count) status = fail(message, sf_strerror(to));
  }
  sf_close(to);
  if (status != 0) {
    free(file.data);
    return status;
  }
  *data = file.data;
  *size = (size_t)file.size;
  return 0;
}

int ca_resample(const ca_sound *sound, int32_t rate, ca_sound *result,
                char message[ca_message_size]) {
  const double ratio = (double)rate / sound->rate;
  const int64_t count = (sound->count * rate + sound->rate - 1) / sound->rate;
  // Zeros where the library's last samples are missing: it rounds the length down.
  float *samples = calloc((size_t)count, sizeof(float));
  if (!samples) return fail(message, "no memory");
  SRC_DATA request = {0};
  request.data_in = sound->samples;
  request.data_out = samples;
  request.input_frames = sound->count;
  request.output_frames = count;
  request.src_ratio = ratio;
  const int error = src_simple(&request, SRC_SINC_BEST_QUALITY, 1);
  if (error) {
    free(samples);
    return fail(message, src_strerror(error));
  }
  *result = (ca_sound){rate, count, samples};
  return 0;
}

void ca_free(void *memory) { free(memory); }
