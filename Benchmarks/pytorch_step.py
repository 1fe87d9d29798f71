"""One training step of GhostNet in PyTorch, as `rtl bench step` takes it, on request.

    python3 Benchmarks/pytorch_step.py VARIANT --threads N --batch N --sparsity S

Each line on standard input asks for so many steps; the answer is a JSON list of milliseconds. A step:
effective weights m * w, forward in training mode, binary cross entropy on one of ten units, backward,
gradients * m, Adam. Masks are applied as users of PyTorch do, by multiplying weights and gradients.
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
from ghostnet import GhostNet, is_prunable  # noqa: E402

VARIANTS = {  # channels_last, compile, fused Adam
    "eager": (False, False, False),
    "channels_last": (True, False, False),
    "compile": (False, True, False),
    "compile+channels_last+fused": (True, True, True),
}


class Stepper:
    def __init__(self, variant, batch, sparsity):
        channels_last, compiled, fused = VARIANTS[variant]
        torch.manual_seed(1)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=320)
    parser.add_argument("--sparsity", type=float, default=0.0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    stepper = Stepper(options.variant, options.batch, options.sparsity)
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
