#!/usr/bin/env python3
"""The paper's experiment on implicit images: RTL against its baseline on every picture of a folder.

    python3 Benchmarks/implicit_images.py DATA --runs runs [--images NAME …] [--rtl .build/release/rtl]
        [--unlabelled NAME=N …] [--threads 2] [--report] [--set KEY=VALUE …]

DATA holds NAME.jpg or NAME.png, each with a map NAME.regions.png. For every picture there is a run
`inr-NAME-rtl` and a run `inr-NAME-imp` of sample-configs/inr-paper.yaml with the changes of --set; one that
has finished is not run again, one that was interrupted goes on. Then a table in Markdown: PSNR over all
pixels and weights of the union (#params) at each target, and the mean over the pictures. --report makes the
table of what is there. In the CamVid maps 11 is "unlabelled" and 0 is sky, in ADE20K 0 is unlabelled;
--unlabelled says so for names that begin with a word.
"""

import argparse
import pathlib

from runs import run, summary

HERE = pathlib.Path(__file__).parent
CONFIG = HERE.parent / "sample-configs" / "inr-paper.yaml"
PAPER = {
    "ADE_train_00000001": {
        "RTL": {0.25: 13.73, 0.5: 12.08, 0.75: 9.68},
        "IMP": {0.25: 11.51, 0.5: 10.14, 0.75: 8.39},
    }
}


def figures(options, name):
    """PSNR and #params by target of a finished run; nothing without one."""
    found = summary(options.runs, name)
    if not found or found["state"] != "finished":
        return {}
    return {
        e["target"]: (e["overall"]["value"], e["union_parameters"])
        for e in found["evaluations"] if e.get("target") is not None and e.get("overall")
    }


def table(rows, targets):
    heads = [f"{t * 100:g} %" for t in targets]
    print("| picture | method | " + " | ".join(f"{h} PSNR | #params" for h in heads) + " |")
    print("| --- | --- | " + " | ".join(["---", "---"] * len(targets)) + " |")
    for picture, method, values in rows:
        cells = []
        for target in targets:
            psnr, union = values.get(target, (None, None))
            cells += [f"{psnr:.2f}" if psnr is not None else "–", f"{union:,}" if union else "–"]
        print(f"| {picture} | {method} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs"))
    parser.add_argument("--images", nargs="*")
    parser.add_argument("--rtl", default=str(HERE.parent / ".build" / "release" / "rtl"))
    parser.add_argument("--unlabelled", nargs="*", default=["camvid=11", "ADE=0"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    pictures = sorted(p for p in options.data.iterdir() if (options.data / f"{p.stem}.regions.png").exists())
    if options.images:
        pictures = [p for p in pictures if p.stem in options.images]
    if not pictures:
        raise SystemExit(f"{options.data}: found no picture with a map NAME.regions.png")
    marks = [word.split("=") for word in options.unlabelled]
    rows, targets = [], set()
    for picture in pictures:
        changes = [f"dataset.path={picture}", f"dataset.regions={options.data / picture.stem}.regions.png"]
        changes += [f"dataset.unlabelled=[{n}]" for word, n in marks if picture.stem.startswith(word)]
        for method, label, more in [("rtl", "RTL", []), ("imp_single", "IMP", ["method=imp_single"])]:
            name = f"inr-{picture.stem}-{'imp' if more else 'rtl'}"
            if not options.report:
                run(options, CONFIG, name, changes + more + options.set)
            values = figures(options, name)
            targets |= values.keys()
            rows.append((picture.stem, label, values))
            paper = PAPER.get(picture.stem, {}).get(label, {})
            if paper:
                rows.append((picture.stem, f"{label} in the paper", {t: (v, None) for t, v in paper.items()}))
    targets = sorted(targets)
    if len(pictures) > 1:
        for label in ["RTL", "IMP"]:
            own = [values for _, method, values in rows if method == label]
            mean = {
                t: (sum(v[t][0] for v in own) / len(own), round(sum(v[t][1] for v in own) / len(own)))
                for t in targets if all(t in v for v in own)
            }
            rows.append(("mean", label, mean))
    table(rows, targets)


if __name__ == "__main__":
    main()
