"""Training steps and layers in PyTorch, as `rtl bench step` and `rtl bench gemm` take them, on request.

    python3 Benchmarks/pytorch_step.py SUBJECT VARIANT --threads N --batch N --sparsity S

Each line on standard input asks for so many steps; the answer is a JSON list of milliseconds. A step of
GhostNet: effective weights m * w, forward in training mode, binary cross entropy on one of ten units, backward,
gradients * m, Adam. Masks are applied as users of PyTorch do, by multiplying weights and gradients.
A step of the perceptron: forward on 4,096 points, mean squared error, backward, Adam. A step of the U-Net:
forward on four sounds of 2.5 s at 16 kHz, weighted SDR through the inverse transform, backward, Adam. A
convolution, strided or transposed ones over spectra, too: forward, and the gradients of input and weights. A variant names what it uses, joined by +.
"""

import argparse
import json
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(
    0, str(pathlib.Path(__file__).parent.parent / "Tests" / "NeuralNetworksTests" / "Fixtures")
)
from coordinate_mlp import FEATURES, CoordinateMLP  # noqa: E402
from ghostnet import GhostNet, is_prunable  # noqa: E402
from spectral_unet import SpectralUNet  # noqa: E402

class GhostNetStep:
    def __init__(self, uses, batch, sparsity):
        channels_last, compiled, fused = (
            use in uses for use in ["channels_last", "compile", "fused"]
        )
        self.model = GhostNet(10).train()
        self.x = torch.rand(batch, 3, 32, 32) * 2 - 1
        if channels_last:
            self.model = self.model.to(memory_format=torch.channels_last)
            self.x = self.x.contiguous(memory_format=torch.channels_last)
        self.y = (torch.arange(batch) % 2).float()
        self.masked = [
            (p, (torch.rand_like(p) >= sparsity).float())
            for name, p in self.model.named_parameters()
            if is_prunable(name)
        ]
        self.forward = torch.compile(self.model) if compiled else self.model
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=1e-4, fused=fused or None, foreach=None if fused else True
        )

    def step(self):
        with torch.no_grad():
            for p, mask in self.masked:
                p.mul_(mask)
        loss = F.binary_cross_entropy_with_logits(self.forward(self.x)[:, 0], self.y)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for p, mask in self.masked:
            p.grad.mul_(mask)
        self.optimizer.step()


class PerceptronStep:
    def __init__(self, uses):
        self.model = CoordinateMLP()
        self.x, self.y = torch.rand(4096, FEATURES) * 2 - 1, torch.rand(4096, 3) * 2 - 1
        self.forward = torch.compile(self.model) if "compile" in uses else self.model
        fused = "fused" in uses
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=1e-2, fused=fused or None, foreach=None if fused else True
        )

    def step(self):
        loss = F.mse_loss(self.forward(self.x), self.y)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()


class Convolution:
    def __init__(self, uses, channels, side, batch=32):
        layer = torch.nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        layout = torch.channels_last if "channels_last" in uses else torch.contiguous_format
        self.layer = layer.to(memory_format=layout)
        self.x, self.dy = (
            (torch.rand(batch, channels, side, side) * 2 - 1).contiguous(memory_format=layout)
            for _ in range(2)
        )
        self.x.requires_grad_()
        self.forward = torch.compile(self.layer) if "compile" in uses else self.layer

    def step(self):
        self.x.grad = self.layer.weight.grad = None
        self.forward(self.x).backward(self.dy)


class UNetStep:
    window, hop, sounds, samples = 1024, 256, 4, 40_000

    def __init__(self, uses):
        layout = torch.channels_last if "channels_last" in uses else torch.contiguous_format
        self.model = SpectralUNet().train().to(memory_format=layout)
        self.forward = torch.compile(self.model) if "compile" in uses else self.model
        self.hann = torch.hann_window(self.window)
        self.y = torch.rand(self.sounds, self.samples) - 0.5
        self.x = self.y + 0.5 * (torch.rand_like(self.y) - 0.5)
        self.spectra = torch.stft(
            self.x, self.window, self.hop, window=self.hann, pad_mode="constant", return_complex=True
        )
        planes = torch.stack([self.spectra.real, self.spectra.imag], 1).transpose(2, 3)
        self.planes = planes.contiguous(memory_format=layout)
        fused = "fused" in uses
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=1e-4, fused=fused or None, foreach=None if fused else True
        )

    def step(self):
        mask = self.forward(self.planes).transpose(2, 3)
        estimate = torch.complex(mask[:, 0].contiguous(), mask[:, 1].contiguous()) * self.spectra
        e = torch.istft(estimate, self.window, self.hop, window=self.hann, length=self.samples)
        z, d = self.x - self.y, self.x - e
        speech, noise = (self.y**2).sum(1), (z**2).sum(1)
        share = speech / (speech + noise)
        loss = -share * F.cosine_similarity(self.y, e) - (1 - share) * F.cosine_similarity(z, d)
        self.optimizer.zero_grad(set_to_none=True)
        loss.mean().backward()
        self.optimizer.step()


class SpectralLayer:
    def __init__(self, uses, transposed):
        kind = torch.nn.ConvTranspose2d if transposed else torch.nn.Conv2d
        layout = torch.channels_last if "channels_last" in uses else torch.contiguous_format
        self.layer = kind(24, 24, 3, stride=(1, 2), padding=1, bias=False).to(memory_format=layout)
        frames = 1 + UNetStep.samples // UNetStep.hop
        bins = (33, 65) if transposed else (65, 33)
        self.x, self.dy = (
            (torch.rand(UNetStep.sounds, 24, frames, n) * 2 - 1).contiguous(memory_format=layout)
            for n in bins
        )
        self.x.requires_grad_()
        self.forward = torch.compile(self.layer) if "compile" in uses else self.layer

    def step(self):
        self.x.grad = self.layer.weight.grad = None
        self.forward(self.x).backward(self.dy)


def main():
    parser = argparse.ArgumentParser()
    subjects = {
        "ghostnet": lambda uses: GhostNetStep(uses, options.batch, options.sparsity),
        "mlp": PerceptronStep,
        "convolution_64": lambda uses: Convolution(uses, 64, 32),
        "convolution_128": lambda uses: Convolution(uses, 128, 16),
        "spectral_convolution": lambda uses: SpectralLayer(uses, False),
        "transposed_convolution": lambda uses: SpectralLayer(uses, True),
        "unet": UNetStep,
    }
    parser.add_argument("subject", choices=subjects)
    parser.add_argument("variant")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=320)
    parser.add_argument("--sparsity", type=float, default=0.0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    stepper = subjects[options.subject](options.variant.split("+"))
    for _ in range(3):
        stepper.step()
    print("ready", flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            begun = time.perf_counter()
            stepper.step()
            times.append((time.perf_counter() - begun) * 1000)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
