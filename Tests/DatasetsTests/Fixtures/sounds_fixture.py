#!/usr/bin/env python3
"""Makes the sound of the reader's tests: `python3 sounds_fixture.py` in this folder, with soundfile.

`tone.flac`: 2,205 samples at 11,025 Hz, 16 bits, sample n is round(12000 * sin(2 pi 441 n / 11025)).
"""

import numpy as np
import soundfile

n = np.arange(2205)
tone = np.round(12_000 * np.sin(2 * np.pi * 441 * n / 11_025)).astype("int16")
soundfile.write("tone.flac", tone, 11_025, format="FLAC", subtype="PCM_16")
