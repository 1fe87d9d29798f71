#ifndef CAUDIOFILES_H
#define CAUDIOFILES_H

#include <stddef.h>
#include <stdint.h>

// libsndfile and libsamplerate as plain functions over memory.
// Each returns 0, or another number and one line of text in `message`.

enum { ca_message_size = 256 };

// One channel; several are mixed to their mean.
typedef struct {
  int32_t rate;
  int64_t count;
  float *samples;
} ca_sound;

// Decodes a sound file of at most `limit` samples per channel; full scale is 1.
int ca_decode(const uint8_t *data, size_t size, int64_t limit, ca_sound *sound,
              char message[ca_message_size]);

// Encodes a WAV file of 16 bits; what exceeds full scale is clipped.
int ca_encode_wav(const ca_sound *sound, uint8_t **data, size_t *size,
                  char message[ca_message_size]);

// The same sound at another rate, `count` · rate / `sound->rate` samples, rounded up.
int ca_resample(const ca_sound *sound, int32_t rate, ca_sound *result,
                char message[ca_message_size]);

// Gives back what one of the functions above has made.
void ca_free(void *memory);

#endif
