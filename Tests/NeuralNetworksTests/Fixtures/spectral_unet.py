"""The complex-mask U-Net of speech enhancement (paper section 7) in PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

ENCODER, DECODER, PLANES = [12, 12, 12, 24, 48], [24, 12, 12, 12], 2


class Encoding(nn.Module):
    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.conv = nn.Conv2d(
            inputs, outputs, (3, kernel), stride=(1, 2), padding=(1, kernel // 2), bias=False
        )
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.elu(self.bn(self.conv(x)))


class Decoding(nn.Module):
    def __init__(self, inputs, outputs, kernel, is_last):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            inputs, outputs, (3, kernel), stride=(1, 2), padding=(1, kernel // 2), bias=is_last
        )
        self.bn = None if is_last else nn.BatchNorm2d(outputs)

    def forward(self, sources, bins):
        x = torch.cat(sources, 1)
        y = self.conv(x, output_size=(x.shape[2], bins))
        return y if self.bn is None else F.elu(self.bn(y))


class SpectralUNet(nn.Module):
    """Spectra [batch, 2, frames, bins] to masks of the same shape."""

    def __init__(self):
        super().__init__()
        widths = [PLANES] + ENCODER
        self.encoder = nn.ModuleList(
            Encoding(a, b, 5 if i == 0 else 3) for i, (a, b) in enumerate(zip(widths, ENCODER))
        )
        inputs = [ENCODER[-1]] + [a + b for a, b in zip(DECODER, ENCODER[-2::-1])]
        outputs = DECODER + [PLANES]
        self.decoder = nn.ModuleList(
            Decoding(a, b, 5 if i == len(DECODER) else 3, i == len(DECODER))
            for i, (a, b) in enumerate(zip(inputs, outputs))
        )

    def forward(self, x):
        maps = [x]
        for block in self.encoder:
            maps.append(block(maps[-1]))
        sources = [maps.pop()]
        for block in self.decoder:
            skip = maps.pop()
            sources = [block(sources, skip.shape[3]), skip]
        return sources[0]


def is_prunable(name):
    return name.endswith("conv.weight")
