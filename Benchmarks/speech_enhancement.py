#!/usr/bin/env python3
"""The paper's experiment on speech: RTL against both of its baselines on a folder of speech and noise.

    python3 Benchmarks/speech_enhancement.py DATA --runs runs [--config sample-configs/speech-sample.yaml]
        [--methods rtl imp_single imp_multiple] [--seeds 1] [--rtl .build/release/rtl] [--threads 2] [--report]
        [--set KEY=VALUE …]

DATA holds clean/*.wav and noise/SCENE/*.wav. For every method and seed there is a run `speech-METHOD-sSEED` of
the config with the changes of --set; one that has finished is not run again, one that was interrupted goes on.
Each is then judged on the held-out mixtures, the same for all of them, with `rtl eval`. The table in Markdown:
SI-SNR improvement in dB for each scene and the mean over the scenes at each target, averaged over the seeds, and
the weights that at least one mask keeps; beside it the paper's means. --report makes the table of what is there.
"""

import argparse
import csv
import pathlib
import subprocess
import tempfile

from runs import run, summary

HERE = pathlib.Path(__file__).parent
LABELS = {"rtl": "RTL", "imp_single": "IMP single", "imp_multiple": "IMP multiple"}
PAPER = {
    "rtl": {0.25: 7.248, 0.5: 7.178, 0.75: 6.992},
    "imp_single": {0.25: 6.885, 0.5: 6.970, 0.75: 6.967},
    "imp_multiple": {0.25: 5.295, 0.5: 5.775, 0.75: 5.899},
}


def judged(options, name, round_number):
    """The mean improvement of each scene, by the scene's name."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        command = [options.rtl, "eval", name, "--round", str(round_number), "--predictions", file.name, "--force"]
        command += ["--runs", str(options.runs), "--threads", str(options.threads)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        values = {}
        for row in csv.DictReader(pathlib.Path(file.name).read_text().splitlines()):
            values.setdefault(row["scene"], []).append(float(row["improvement"]))
    return {scene: sum(v) / len(v) for scene, v in values.items()}


def figures(options, name, method):
    """By target: the improvement by scene, and #params; also of a run that has not reached all targets yet."""
    found = summary(options.runs, name)
    values = {}
    for e in (found or {}).get("evaluations", []):
        target = e.get("target")
        if target is None:
            continue
        # Networks that share nothing count as often as there are of them.
        own = found["prunable_parameters"] - int(target * found["prunable_parameters"] + 0.5)
        parameters = own * len(found["subnetworks"]) if method == "imp_multiple" else e["union_parameters"]
        values[target] = (judged(options, name, e["round"]), parameters)
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs"))
    parser.add_argument("--config", type=pathlib.Path, default=HERE.parent / "sample-configs" / "speech-sample.yaml")
    parser.add_argument("--methods", nargs="*", default=list(LABELS), choices=list(LABELS))
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--rtl", default=str(HERE.parent / ".build" / "release" / "rtl"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    results = {}
    for method in options.methods:
        for seed in options.seeds:
            name = f"speech-{method}-s{seed}"
            changes = [f"dataset.path={options.data.resolve()}", f"method={method}", f"seed={seed}"]
            if not options.report:
                run(options, options.config, name, changes + options.set)
            for target, (by_scene, parameters) in figures(options, name, method).items():
                results.setdefault((method, target), []).append((by_scene, parameters))
    if not results:
        raise SystemExit(f"{options.runs}: found no run that has reached a target")
    scenes = sorted({s for values in results.values() for by_scene, _ in values for s in by_scene})
    print("| method | sparsity | " + " | ".join(scenes) + " | mean | in the paper | #params |")
    print("| --- | --- | " + " | ".join("---" for _ in scenes) + " | --- | --- | --- |")
    for method in options.methods:
        for target in sorted(t for m, t in results if m == method):
            values = results[method, target]
            means = [sum(by_scene[s] for by_scene, _ in values) / len(values) for s in scenes]
            paper = PAPER[method].get(target)
            cells = [f"{m:.2f}" for m in means] + [f"{sum(means) / len(means):.2f}"]
            cells += [f"{paper:.2f}" if paper else "–", f"{round(sum(u for _, u in values) / len(values)):,}"]
            print(f"| {LABELS[method]} | {target * 100:g} % | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
