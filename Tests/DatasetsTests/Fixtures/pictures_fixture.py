"""Makes the picture files of PictureTests and what Pillow reads from them.

    pip install pillow && python3 pictures_fixture.py

Writes small files beside itself and pictures.json: for each file its width, height and interleaved bytes, and
the same resized with Pillow's triangle filter (Image.BILINEAR). sixteen.png has 16 bits a pixel.
"""

import json
import pathlib
import random

from PIL import Image

here = pathlib.Path(__file__).parent
rng = random.Random(3)
width, height = 17, 11


def picture(mode, channels):
    # Smooth, so that a JPEG keeps it, with some noise.
    def value(x, y, c):
        return max(0, min(255, int(15 * x + (11 + 3 * c) * y - 30 * c + rng.randrange(9))))

    data = bytes(value(x, y, c) for y in range(height) for x in range(width) for c in range(channels))
    return Image.frombytes(mode, (width, height), data)


rgb = picture("RGB", 3)
grey = picture("L", 1)
palette = rgb.quantize(7)
clear = picture("RGBA", 4)

files = {
    "rgb.png": (rgb, {}),
    "grey.png": (grey, {}),
    "palette.png": (palette, {}),
    "clear.png": (clear, {}),
    "rgb.jpg": (rgb, {"quality": 90}),
    "grey.jpg": (grey, {"quality": 90}),
    "progressive.jpg": (rgb, {"quality": 90, "progressive": True}),
    "rgb.ppm": (rgb, {}),
    "grey.pgm": (grey, {}),
}
facts = {}
for name, (image, options) in files.items():
    image.save(here / name, **options)
    read = Image.open(here / name)
    if read.mode == "RGBA":
        black = Image.new("RGBA", read.size, (0, 0, 0, 255))
        black.alpha_composite(read)
        read = black.convert("RGB")
    indices = list(read.getdata()) if read.mode == "P" else None
    read = read.convert("L" if read.mode == "L" else "RGB")
    facts[name] = {
        "width": width,
        "height": height,
        "bytes": list(read.tobytes()),
        "indices": indices,
        "small": list(read.resize((5, 4), Image.BILINEAR).tobytes()),
        "large": list(read.resize((23, 29), Image.BILINEAR).tobytes()),
    }
Image.frombytes("I;16", (4, 2), bytes(range(16))).save(here / "sixteen.png")
(here / "pictures.json").write_text(json.dumps(facts) + "\n")
