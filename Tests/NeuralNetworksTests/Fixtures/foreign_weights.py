#!/usr/bin/env python3
"""Makes state dicts as somebody else would save them: `python3 foreign_weights.py` in this folder writes
`foreign.safetensors` (float32), `foreign-f16.safetensors` and `foreign-bf16.safetensors`, with the running
statistics of the batch normalisation. Value i of a tensor is ((7 i + length of its name) mod 17 - 8) / 16,
which all three types hold exactly."""

import torch
from safetensors.torch import save_file
from torch import nn


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU()
        )
        self.classifier = nn.Linear(8, 3)


def main():
    model = Small()
    with torch.no_grad():
        for name, p in model.named_parameters():
            values = (7 * torch.arange(p.numel()) + len(name)) % 17 - 8
            p.copy_(values.reshape(p.shape) / 16)
    for ending, dtype in [("", torch.float32), ("-f16", torch.float16), ("-bf16", torch.bfloat16)]:
        state = {k: v.to(dtype) if v.is_floating_point() else v for k, v in model.state_dict().items()}
        save_file(state, f"foreign{ending}.safetensors")


if __name__ == "__main__":
    main()
