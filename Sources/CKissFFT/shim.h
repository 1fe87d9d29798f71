// kissfft for Swift: transforms of real signals in single precision.
#pragma once
#include <kissfft/kiss_fftr.h>
