#!/usr/bin/env python3
"""A real run's samples per second and memory beside the bare training step's.

    python3 Benchmarks/real_run.py DATA [--threads 2] [--repetitions 3] [--rtl .build/release/rtl]

DATA is the folder that holds cifar-10-batches-bin. A repetition takes, in turn, the bench's step at the
sparsity of each stage and then a shortened sample-configs/cifar10-quick.yaml: the same network, images,
batch and epochs per round, but two rounds, one epoch of joint retraining instead of ten, and a tenth of
the held-out images after it, so that judging keeps its share. Everything a run does is in its figures:
reading images, steps, events, metrics, masks, files.

  steps   training samples by the time from a stage's first step to its last
  stage   training samples by the time of the whole stage, judging and files included

Ratios are paired within a repetition: the run's figure over the bench's. With torch installed, the peak
of PyTorch's process for the same step is printed beside the run's.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from compare import PyTorch, spread

HERE = pathlib.Path(__file__).parent
CONFIG = HERE.parent / "sample-configs" / "cifar10-quick.yaml"
PRUNABLE = 125_832
CHANGES = {
    "extraction.prune_count": "31458",
    "extraction.targets": "[0.5]",
    "retraining.epochs": "1",
    "dataset.test_samples": "1000",
}


def bench(options, sparsity):
    command = [options.rtl, "bench", "step", "--json", "--threads", str(options.threads)]
    command += ["--batch", "320", "--sparsity", str(sparsity), "--steps", str(options.steps)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["samples_per_second"]


def run(options, folder, name):
    """Runs the shortened config; returns its events and the peak of its memory in megabytes."""
    command = [options.rtl, "run", str(CONFIG), "--headless", "--runs", folder, "--name", name]
    command += ["--threads", str(options.threads)]
    changes = CHANGES | {"dataset.path": str(pathlib.Path(options.data) / "cifar-10-batches-bin")}
    changes |= dict(change.split("=", 1) for change in options.set)
    for key, value in changes.items():
        command += ["--set", f"{key}={value}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with {os.waitstatus_to_exitcode(status)}")
    lines = (pathlib.Path(folder) / name / "events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines], usage.ru_maxrss / 1024


def content(event):
    """What an event carries."""
    return event.get("data", {})


def stages(events):
    """Each stage's name, sparsity, and samples per second by its steps and as a whole."""
    found = []
    current = None
    sparsity = 0.0
    for event in events:
        kind, data = event["event"], content(event)
        if kind == "pruned":
            sparsity = 1 - data["weights_left"] / PRUNABLE
        elif kind in ("round_started", "retraining_started"):
            name = f"round {data['round']}" if kind == "round_started" else "retraining"
            current = {"name": name, "sparsity": sparsity, "begun": event["time"], "steps": []}
        elif kind == "step_finished":
            current["steps"].append((event["time"], data["samples"]))
        elif kind in ("round_finished", "retraining_finished"):
            current["ended"] = event["time"]
            found.append(current)
    for stage in found:
        times = [time for time, _ in stage["steps"]]
        samples = sum(count for _, count in stage["steps"])
        stage["whole"] = samples / (stage["ended"] - stage["begun"])
        # The first step's time is its end: what came before it, its samples among that, is not in.
        later = samples - stage["steps"][0][1]
        stage["stepping"] = later / (max(times) - min(times))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="the folder with cifar-10-batches-bin")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--steps", type=int, default=40, help="counted steps of the bench")
    parser.add_argument("--set", action="append", default=[], help="further changes of the config")
    parser.add_argument("--rtl", default=str(HERE.parent / ".build" / "release" / "rtl"))
    options = parser.parse_args()
    rows = {}
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for repetition in range(options.repetitions):
            events, peak = run(options, folder, f"run-{repetition}")
            peaks.append(peak)
            for stage in stages(events):
                reference = bench(options, stage["sparsity"])
                row = rows.setdefault((stage["name"], round(stage["sparsity"], 3)), [])
                row.append((reference, stage["stepping"], stage["whole"]))
    print(f"{options.threads} thread(s), batch 320, {options.repetitions} repetitions: samples/s, ", end="")
    print("median (lowest to highest)")
    for (name, sparsity), row in rows.items():
        print(f"  {name}, sparsity {sparsity}")
        print(f"    bench   {spread([r[0] for r in row])}")
        for index, label in ((1, "steps"), (2, "stage")):
            ratios = [r[index] / r[0] for r in row]
            print(f"    {label}   {spread([r[index] for r in row])}   by bench {spread(ratios)}")
    print(f"  peak memory of the run: {max(peaks):.0f} MB")
    if importlib.util.find_spec("torch"):
        torch = PyTorch("ghostnet", "eager", options.threads, 320, 0.0)
        torch.wait_until_ready()
        torch.measure(3)
        print(f"  peak memory of PyTorch's step, eager: {torch.peak_megabytes():.0f} MB")
        torch.close()


if __name__ == "__main__":
    main()
