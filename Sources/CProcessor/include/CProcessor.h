// What the kernels were compiled for, and what the processor underneath offers.
#pragma once

#include "BitWords.h"
#include "Lanes.h"
#include "DepthwiseTiles.h"
#include "PointwiseTiles.h"

/// Bit set of the instruction sets that matter to the kernels.
enum {
  PROCESSOR_AVX = 1 << 0,
  PROCESSOR_AVX2 = 1 << 1,
  PROCESSOR_FMA = 1 << 2,
  PROCESSOR_AVX512F = 1 << 3,
  PROCESSOR_AVX512BW = 1 << 4,
  PROCESSOR_AVX512DQ = 1 << 5,
  PROCESSOR_AVX512VL = 1 << 6,
  PROCESSOR_BMI2 = 1 << 7,
  PROCESSOR_POPCNT = 1 << 8,
};

/// The instruction sets the compiler was allowed to use.
unsigned processor_compiled_features(void);

/// The instruction sets this processor (and its operating system) offers.
unsigned processor_present_features(void);
