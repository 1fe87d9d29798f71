#!/usr/bin/env python3
"""Our training steps and layers beside PyTorch's, in alternation on one machine.

    python3 Benchmarks/compare.py [--what ghostnet mlp convolution unet spectral] [--threads 1 2]
                                  [--rounds 5] [--steps 5] [--rtl .build/release/rtl]

`ghostnet` is a masked step of the truncated GhostNet; `mlp` a step of the coordinate perceptron on 4,096
points; `convolution` forward and both gradients of 3 x 3 convolutions with 64 channels of 32 x 32 and with
128 of 16 x 16, batch 32; `unet` a step of the complex-mask U-Net on four sounds of 2.5 s at 16 kHz; `spectral` its
strided and its transposed convolution with 24 channels. A round asks every contestant in turn for so many steps;
its figure is their median. Ratios are paired: theirs over ours within a round. Machines are noisy, so the median over the rounds is printed with the
lowest and the highest. Needs `pip install torch numpy` (the CPU wheel) and `make release`.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
VARIANTS = {
    "ghostnet": ["eager", "channels_last", "compile", "compile+channels_last+fused"],
    "mlp": ["eager", "compile", "compile+fused"],
    "convolution": ["eager", "channels_last", "compile", "compile+channels_last"],
    "unet": ["eager", "channels_last", "compile", "compile+channels_last+fused"],
    "spectral": ["eager", "channels_last", "compile", "compile+channels_last"],
}
# What is compared by its name in pytorch_step.py, which is the key of `rtl bench gemm --json`, too.
SUBJECTS = {
    "ghostnet": {"ghostnet": "a step of GhostNet"},
    "mlp": {"mlp": "a step of the perceptron on 4,096 points"},
    "convolution": {
        "convolution_64": "3x3 convolution 64 to 64, 32x32, batch 32, forward and both gradients",
        "convolution_128": "3x3 convolution 128 to 128, 16x16, batch 32, forward and both gradients",
    },
    "unet": {"unet": "a step of the U-Net on four sounds of 2.5 s"},
    "spectral": {
        "spectral_convolution": "3x3 convolution of stride (1, 2), 24 to 24, 65 to 33 frequencies",
        "transposed_convolution": "its transposed convolution, 24 to 24, 33 to 65 frequencies",
    },
}


class PyTorch:
    """A process that takes steps when asked, and waits without work otherwise."""

    def __init__(self, subject, variant, threads, batch, sparsity):
        command = [sys.executable, str(HERE / "pytorch_step.py"), subject, variant]
        command += ["--threads", str(threads), "--batch", str(batch), "--sparsity", str(sparsity)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait_until_ready(self):
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        sys.exit(f"{' '.join(self.process.args)}: ended with {self.process.wait()}")

    def measure(self, steps):
        print(steps, file=self.process.stdin, flush=True)
        return statistics.median(json.loads(self.process.stdout.readline()))

    def peak_megabytes(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ours(subject, options, threads):
    if subject == "ghostnet":
        command = [options.rtl, "bench", "step", "--json", "--batch", str(options.batch)]
        command += ["--sparsity", str(options.sparsity), "--steps", str(options.steps * 2)]
    else:
        command = [options.rtl, "bench", "gemm", "--json", "--rounds", str(options.steps * 2)]
    command += ["--threads", str(threads)]
    result = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    if subject == "ghostnet":
        return result["milliseconds_per_step"]["median"]
    layer = next(layer for layer in result["layers"] if layer["key"] == subject)
    return layer["milliseconds"]["median"]


def spread(values):
    return f"{statistics.median(values):8.2f}  ({min(values):.2f} to {max(values):.2f})"


def compare(options, threads, what, subject, title):
    theirs = {}
    for variant in VARIANTS[what]:
        if options.variants and variant not in options.variants:
            continue
        theirs[variant] = PyTorch(subject, variant, threads, options.batch, options.sparsity)
        theirs[variant].wait_until_ready()
    rounds = []
    for _ in range(options.rounds):
        times = {"rtl": ours(subject, options, threads)}
        for variant, process in theirs.items():
            times[variant] = process.measure(options.steps)
        rounds.append(times)
    if what == "ghostnet":
        title += f", batch {options.batch}, sparsity {options.sparsity}"
    print(f"\n{title}, {threads} thread(s), ", end="")
    print(f"{options.rounds} rounds: ms, median (lowest to highest)")
    print(f"  {'rtl':32} {spread([r['rtl'] for r in rounds])}")
    for variant, process in theirs.items():
        ratios = [r[variant] / r["rtl"] for r in rounds]
        print(f"  PyTorch {variant:24} {spread([r[variant] for r in rounds])}", end="")
        print(f"   ratio {spread(ratios)}   peak {process.peak_megabytes():.0f} MB")
        process.close()
    best = [min(r[v] for v in theirs) / r["rtl"] for r in rounds]
    print(f"  best PyTorch of each round / rtl: {spread(best)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--what", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--batch", type=int, default=320)
    parser.add_argument("--sparsity", type=float, default=0.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=5)
    every = sorted({variant for variants in VARIANTS.values() for variant in variants})
    parser.add_argument("--variants", nargs="+", choices=every, help="default: all")
    parser.add_argument("--rtl", default=str(HERE.parent / ".build" / "release" / "rtl"))
    options = parser.parse_args()
    for what in options.what:
        for subject, title in SUBJECTS[what].items():
            for threads in options.threads:
                compare(options, threads, what, subject, title)


if __name__ == "__main__":
    main()
