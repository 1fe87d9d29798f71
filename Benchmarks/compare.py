#!/usr/bin/env python3
"""Our training step beside PyTorch's, in alternation on one machine.

    python3 Benchmarks/compare.py [--threads 1 2] [--rounds 5] [--steps 5] [--rtl .build/release/rtl]

A round asks every contestant in turn for so many steps; its figure is their median. Ratios are paired:
theirs over ours within a round. Machines are noisy, so the median over the rounds is printed with the
lowest and the highest. Needs `pip install torch numpy` (the CPU wheel) and `make release`.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
VARIANTS = ["eager", "channels_last", "compile", "compile+channels_last+fused"]


class PyTorch:
    """A process that takes steps when asked, and waits without work otherwise."""

    def __init__(self, variant, threads, batch, sparsity):
        command = [sys.executable, str(HERE / "pytorch_step.py"), variant]
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


def ours(rtl, threads, batch, sparsity, steps):
    command = [rtl, "bench", "step", "--json", "--threads", str(threads), "--batch", str(batch)]
    command += ["--sparsity", str(sparsity), "--steps", str(steps)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["milliseconds_per_step"]["median"]


def spread(values):
    return f"{statistics.median(values):8.2f}  ({min(values):.2f} to {max(values):.2f})"


def compare(options, threads):
    theirs = {}
    for variant in options.variants:
        theirs[variant] = PyTorch(variant, threads, options.batch, options.sparsity)
        theirs[variant].wait_until_ready()
    rounds = []
    for _ in range(options.rounds):
        times = {
            "rtl": ours(options.rtl, threads, options.batch, options.sparsity, options.steps * 2)
        }
        for variant, process in theirs.items():
            times[variant] = process.measure(options.steps)
        rounds.append(times)
    print(f"\n{threads} thread(s), batch {options.batch}, sparsity {options.sparsity}, ", end="")
    print(f"{options.rounds} rounds: ms per step, median (lowest to highest)")
    print(f"  {'rtl':32} {spread([r['rtl'] for r in rounds])}")
    for variant, process in theirs.items():
        ratios = [r[variant] / r["rtl"] for r in rounds]
        print(f"  PyTorch {variant:24} {spread([r[variant] for r in rounds])}", end="")
        print(f"   ratio {spread(ratios)}   peak {process.peak_megabytes():.0f} MB")
        process.close()
    best = [min(r[v] for v in theirs) / r["rtl"] for r in rounds]
    print(f"  best PyTorch of each round / rtl: {spread(best)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--batch", type=int, default=320)
    parser.add_argument("--sparsity", type=float, default=0.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--rtl", default=str(HERE.parent / ".build" / "release" / "rtl"))
    options = parser.parse_args()
    for threads in options.threads:
        compare(options, threads)


if __name__ == "__main__":
    main()
