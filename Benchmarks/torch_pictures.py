#!/usr/bin/env python3
"""The paper's experiment on implicit images (§6) wholly in PyTorch, all pictures at once: a second opinion on `rtl`.

    python3 Benchmarks/torch_pictures.py DATA --out DIR               # one GPU; minutes
    python3 Benchmarks/torch_pictures.py DATA --smoke --out DIR       # a CPU; shows only that it works
    python3 Benchmarks/torch_pictures.py --check                      # a step against torch.nn and torch.optim

DATA holds NAME.jpg or NAME.png, each with a map NAME.regions.png. Written from the paper (arXiv 2601.22141) and from
docs/method.md; it shares no code with the Swift engine and draws θ₀ and points with PyTorch's generators. A point of
a mini-batch is drawn anew each time, where `rtl` goes through a region before it comes back.

  extraction   a round trains each region's network from θ₀ under its mask for T steps, prunes the 4,096 smallest weights
               that are left, or as many as are missing to the next target, and gives the trained values up.
  retraining   at each target, from θ₀: the regions' subnetworks take turns on one θ, T steps each. Adam moves nothing
               outside the mask, weights nor moments; the steps are counted per subnetwork.
  baseline     (`imp_single`) one mask, all pixels, 16 learned values of a point's region beside its features, and as
               many steps as all regions together: K T. RTL's θ₀ is the baseline's without those 16 columns.

Variants: each learning rate of --rates is an experiment of its own, and retraining is also done with the rate going
down to zero along a cosine (`cosine`). PSNR is over all pixels, colours cut off at black and white.

Files in DIR: results.csv (a line per picture, method, variant and target, and one per region), rounds.csv (PSNR on some
points and mean J, a line per round and region), table.md, masks.npz. They are written after every stage.
"""

import argparse
import csv
import pathlib
import statistics
import sys
import time

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

from torch_figures import prune, similarities

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
FREQUENCIES, FEATURES, WIDTH, HIDDEN, EMBEDDED = 8, 34, 128, 4, 16
UNLABELLED = {"camvid": 11, "ADE": 0}
START = time.perf_counter()


def say(text):
    print(f"{time.perf_counter() - START:7.1f} s  {text}", flush=True)


# MARK: Pictures


def regions(path, sliver_share=0.01):
    """The region of each pixel. Patches of what is unlabelled or too small go to the neighbour with most border."""
    categories = np.asarray(Image.open(path))
    unlabelled = {n for word, n in UNLABELLED.items() if path.name.startswith(word)}
    values, counts = np.unique(categories, return_counts=True)
    kept = [v for v, n in zip(values, counts) if v not in unlabelled and n >= sliver_share * categories.size]
    found = np.full(categories.shape, -1)
    for region, value in enumerate(kept):
        found[categories == value] = region
    waiting = []
    for value in set(values) - set(kept):
        labels, count = ndimage.label(categories == value)
        waiting += [(labels == i, box) for i, box in enumerate(ndimage.find_objects(labels), 1)]
    while waiting:
        given, rest = [], []
        for patch, box in waiting:
            # The patch and a pixel around it.
            box = tuple(slice(max(0, s.start - 1), s.stop + 1) for s in box)
            inside, around, votes = patch[box], found[box], np.zeros(len(kept), int)
            for axis in (0, 1):
                for a, b in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
                    own, other = (a, slice(None)), (b, slice(None))
                    if axis:
                        own, other = own[::-1], other[::-1]
                    border = around[other][inside[own]]
                    votes += np.bincount(border[border >= 0], minlength=len(kept))
            (given if votes.any() else rest).append((patch, votes.argmax() if votes.any() else box))
        for patch, region in given:
            found[patch] = region
        waiting = rest
    return found, len(kept)


class Pictures:
    """All points of all pictures, those of a region side by side."""

    def __init__(self, folder, device, names=None, shrink=1):
        maps = sorted(folder.glob("*.regions.png"))
        self.names = [p.name.removesuffix(".regions.png") for p in maps]
        self.names = [n for n in self.names if not names or n in names]
        if not self.names:
            raise SystemExit(f"{folder}: found no picture with a map NAME.regions.png")
        self.device, self.regions = device, []  # of each picture, [(first point, points)]
        features, colours, region, at = [], [], [], 0
        for name in self.names:
            path = next(p for p in (folder / f"{name}.jpg", folder / f"{name}.png") if p.exists())
            picture = np.asarray(Image.open(path).convert("RGB"))
            found, K = regions(folder / f"{name}.regions.png")
            picture, found = picture[::shrink, ::shrink], found[::shrink, ::shrink]
            height, width = found.shape
            order = np.argsort(found.ravel(), kind="stable")
            counts = np.bincount(found.ravel(), minlength=K)
            y, x = np.divmod(order, width)
            place = np.stack([2 * (x + 0.5) / width - 1, 2 * (y + 0.5) / height - 1], 1)
            angles = place[:, None] * (np.pi * 2.0 ** np.arange(FREQUENCIES))[None, :, None]  # [n, j, xy]
            waves = np.stack([np.sin(angles), np.cos(angles)], 3).reshape(len(order), -1)
            features.append(torch.from_numpy(np.concatenate([place, waves], 1).astype(np.float32)).to(device))
            colours.append(torch.from_numpy(picture.reshape(-1, 3)[order]).to(device).float() / 255)
            region.append(torch.from_numpy(found.ravel()[order]).to(device))
            starts = at + np.concatenate([[0], counts[:-1].cumsum()])
            self.regions.append(list(zip(starts.tolist(), counts.tolist())))
            at += len(order)
        self.features, self.colours, self.region = map(torch.cat, (features, colours, region))


# MARK: Networks


class Layout:
    """Where a network's parameters are in its vector: weights, then biases, then the embedding."""

    def __init__(self, embedded_regions=0):
        inputs = FEATURES + (EMBEDDED if embedded_regions else 0)
        sizes = [inputs] + [WIDTH] * HIDDEN + [3]
        self.weights = [(b, a) for a, b in zip(sizes, sizes[1:])]
        self.biases = [(b,) for b in sizes[1:]]
        self.embedding = [(embedded_regions, EMBEDDED)] if embedded_regions else []
        self.shapes = self.weights + self.biases + self.embedding
        self.sizes = [int(np.prod(s)) for s in self.shapes]
        self.prunable, self.count = sum(self.sizes[: len(self.weights)]), sum(self.sizes)

    def split(self, flat):
        return [p.view(len(flat), *s) for p, s in zip(flat.split(self.sizes, 1), self.shapes)]


def initial(layout, generator):
    """The baseline's θ₀: Kaiming's normal rule; biases as PyTorch draws them; the embedding normal."""
    parts = []
    for shape in layout.weights:
        parts.append(torch.randn(shape, generator=generator) * (2 / shape[1]) ** 0.5)
    for shape, (_, fan_in) in zip(layout.biases, layout.weights):
        parts.append((2 * torch.rand(shape, generator=generator) - 1) / fan_in**0.5)
    parts.append(torch.randn(layout.embedding[0], generator=generator))
    return torch.cat([p.flatten() for p in parts])


def without_embedding(theta, wide, narrow):
    parts = wide.split(theta[None])
    parts[0] = parts[0][:, :, :FEATURES]
    return torch.cat([p.flatten() for p in parts[: len(narrow.shapes)]])


def forward(layout, flat, x, region):
    """flat [M, count], x [M, n, features], region [M, n] -> colours [M, n, 3]."""
    parts = layout.split(flat)
    if layout.embedding:
        own = region[..., None] == torch.arange(layout.embedding[0][0], device=x.device)
        x = torch.cat([x, own.to(x.dtype) @ parts[-1]], 2)
    last = len(layout.weights) - 1
    for i in range(last + 1):
        x = torch.baddbmm(parts[last + 1 + i][:, None], x, parts[i].transpose(1, 2))
        x = x.relu() if i < last else x
    return x


# MARK: Training


class Trainer:
    """M networks side by side; a job is (subsets [(start, count)] of points that take turns, steps for each of them,
    rate, cosine). All of a step is on the device, so that CUDA replays it as one graph.
    """

    def __init__(self, layout, pictures, points, jobs):
        self.layout, self.pictures, self.points = layout, pictures, points
        self.device, self.M = pictures.device, len(jobs)
        most = max(len(job[0]) for job in jobs)
        tensor = lambda x, kind: torch.as_tensor(np.asarray(x), dtype=kind, device=self.device)
        places = np.array([list(subsets) + [subsets[0]] * (most - len(subsets)) for subsets, *_ in jobs])
        self.start, self.count = tensor(places[..., 0], torch.long), tensor(places[..., 1], torch.float32)
        self.turns = tensor([len(subsets) for subsets, *_ in jobs], torch.long)
        self.steps = tensor([steps for _, steps, _, _ in jobs], torch.long)
        self.rate, self.cosine = (tensor([j[i] for j in jobs], torch.float64) for i in (2, 3))
        zeros = lambda: torch.zeros(self.M, layout.count, device=self.device)
        self.theta, self.first, self.second = zeros(), zeros(), zeros()
        self.active = torch.ones(self.M, most, layout.count, device=self.device)
        self.step = torch.zeros((), dtype=torch.long, device=self.device)
        self.model, self.graph = torch.arange(self.M, device=self.device), None

    def sample(self, k):
        drawn = torch.rand(self.M, self.points, device=self.device)
        start, count = self.start[self.model, k], self.count[self.model, k]
        return start[:, None] + (drawn * count[:, None]).long()

    def compute(self, index=None):
        """The next step, on points `index` [M, n] or such as are drawn."""
        k = self.step % self.turns
        t = torch.div(self.step, self.turns, rounding_mode="floor")  # the subnetwork's own steps so far
        active, p = self.active[self.model, k], self.pictures
        index = self.sample(k) if index is None else index
        flat = (self.theta * active).requires_grad_()
        out = forward(self.layout, flat, p.features[index], p.region[index])
        loss = (out - p.colours[index]).square().mean((1, 2)).sum()
        g = torch.autograd.grad(loss, flat)[0]
        active = active * (t < self.steps)[:, None]  # who has finished waits for the others
        # Where `active` is 0 each of the three lines adds an exact zero.
        self.first.addcmul_(active, g - self.first, value=1 - BETA1)
        self.second.addcmul_(active, g * g - self.second, value=1 - BETA2)
        decay = 1 - self.cosine * (1 - torch.cos(torch.pi * t / self.steps)) / 2
        rate = (self.rate * decay / (1 - BETA1 ** (t + 1.0))).to(flat.dtype)[:, None]
        root = (1 - BETA2 ** (t + 1.0)).sqrt().to(flat.dtype)[:, None]
        self.theta.sub_(active * (rate * self.first / (self.second.sqrt() / root + EPSILON)))
        self.step += 1

    def capture(self):
        """Records a step for CUDA to replay; what the trainer holds is spoilt."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.compute()
        torch.cuda.current_stream().wait_stream(stream)
        torch.cuda.synchronize()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.compute()

    def begin(self, theta, masks):
        """From θ₀ [M, count] under masks, one [K, prunable] for each network."""
        for m, own in enumerate(masks):
            self.active[m, : len(own), : self.layout.prunable] = own.float()
        if self.device.type == "cuda" and self.graph is None:
            self.capture()
        self.theta.copy_(theta)
        self.first.zero_(), self.second.zero_(), self.step.zero_()

    def train(self, theta, masks):
        """To the end of all; the result is in `theta`."""
        self.begin(theta, masks)
        for _ in range(int((self.turns * self.steps).max())):
            self.graph.replay() if self.graph else self.compute()

    @torch.no_grad()
    def error(self, m, k, start, count, most=None):
        """Mean squared error of colours as shown, by subnetwork k of network m on some points."""
        index = torch.arange(start, start + count, device=self.device)
        if most and count > most:
            index = index[torch.linspace(0, count - 1, most, device=self.device).long()]
        flat, p, total = (self.theta[m] * self.active[m, k])[None], self.pictures, 0.0
        for part in index.split(1 << 18):
            out = forward(self.layout, flat, p.features[part][None], p.region[part][None])
            total += (out[0].clamp(0, 1) - p.colours[part]).double().square().sum().item()
        return total / (3 * len(index))


# MARK: The experiment


class Experiment:
    def __init__(self, pictures, settings):
        self.pictures, self.settings = pictures, settings
        self.wide, self.narrow = Layout(max(map(len, pictures.regions))), Layout()
        drawn = initial(self.wide, torch.Generator().manual_seed(settings.seed))
        self.wide_theta = drawn.to(pictures.device)
        self.theta = without_embedding(self.wide_theta, self.wide, self.narrow)
        self.rows, self.rounds, self.masks = [], [], {}

    def schedule(self, prunable):
        """(weights to remove, target met or None) round by round."""
        removed = 0
        for target in self.settings.targets:
            end = round(target * prunable)
            while removed < end:
                count = min(self.settings.prune, end - removed)
                removed += count
                yield count, target if removed == end else None

    def extract(self):
        """RTL's masks, {(rate, target): a [K, prunable] for each picture}."""
        p, s, P = self.pictures, self.settings, self.narrow.prunable
        models = [(r, i, k) for r in s.rates for i, own in enumerate(p.regions) for k in range(len(own))]
        jobs = [([p.regions[i][k]], s.steps, r, 0) for r, i, k in models]
        trainer, theta = Trainer(self.narrow, p, s.points, jobs), self.theta[None]
        masks = torch.ones(len(models), P, dtype=torch.bool, device=p.device)
        for number, (count, target) in enumerate(self.schedule(P), 1):
            trainer.train(theta, masks[:, None])
            masks = prune(masks, trainer.theta[:, :P], count)
            for r in s.rates:
                for i, name in enumerate(p.names):
                    places = [m for m, model in enumerate(models) if model[:2] == (r, i)]
                    J = similarities(masks[None, places])[0]
                    if target is not None:
                        self.masks.setdefault((r, target), []).append(masks[places])
                    for k, m in enumerate(places):
                        error = trainer.error(m, 0, *p.regions[i][k], most=20_000)
                        self.rounds.append([name, r, number, k, decibels(error), J[k].item()])
            ours = self.rounds[-len(models) :]
            means = [[statistics.mean(x[c] for x in ours if x[1] == r) for c in (4, 5)] for r in s.rates]
            say(
                f"round {number}: {1 - masks.float().mean().item():.3f} pruned, before the rewind "
                + ", ".join(f"{r:g}: {d:.2f} dB, J {J:.3f}" for r, (d, J) in zip(s.rates, means))
            )
            self.write()
        np.savez_compressed(
            s.out / "masks.npz",
            **{
                f"{r:g} {t:g} {name}": np.packbits(own.cpu().numpy(), axis=-1)
                for (r, t), each in self.masks.items()
                for name, own in zip(p.names, each)
            },
        )

    def retrain(self):
        """Joint retraining of RTL's masks, with the rate as it is and going down."""
        p, s = self.pictures, self.settings
        models = [(r, c, t, i) for r, t in self.masks for c in (0, 1) for i in range(len(p.names))]
        jobs = [(p.regions[i], s.steps, r, c) for r, c, _, i in models]
        trainer = Trainer(self.narrow, p, s.points, jobs)
        masks = [self.masks[r, t][i] for r, _, t, i in models]
        trainer.train(self.theta[None], masks)
        for m, (r, c, t, i) in enumerate(models):
            errors = [trainer.error(m, k, *place) for k, place in enumerate(p.regions[i])]
            J = similarities(masks[m][None]).mean().item()
            self.add("RTL", r, c, t, i, errors, int(masks[m].any(0).sum()), J)
        self.write()
        say("RTL: jointly retrained")

    def single(self):
        """The baseline: one mask, all points, K T steps."""
        p, s, P = self.pictures, self.settings, self.wide.prunable

        def job(i, rate, cosine):
            first, last = p.regions[i][0], p.regions[i][-1]
            return [(first[0], last[0] + last[1] - first[0])], s.steps * len(p.regions[i]), rate, cosine

        models = [(r, i) for r in s.rates for i in range(len(p.names))]
        extraction = Trainer(self.wide, p, s.points, [job(i, r, 0) for r, i in models])
        retraining = Trainer(self.wide, p, s.points, [job(i, r, c) for r, i in models for c in (0, 1)])
        theta, masks = self.wide_theta[None], torch.ones(len(models), P, dtype=torch.bool, device=p.device)
        for number, (count, target) in enumerate(self.schedule(P), 1):
            extraction.train(theta, masks[:, None])
            masks = prune(masks, extraction.theta[:, :P], count)
            say(f"IMP single, round {number}: {1 - masks.float().mean().item():.3f} pruned")
            if target is None:
                continue
            retraining.train(theta, masks[:, None].repeat_interleave(2, 0))
            for m, (r, i) in enumerate(models):
                for c in (0, 1):
                    errors = [retraining.error(2 * m + c, 0, *place) for place in p.regions[i]]
                    self.add("IMP single", r, c, target, i, errors, int(masks[m].sum()), None)
            self.write()
            say("IMP single: retrained")

    def add(self, method, rate, cosine, target, i, errors, union, J):
        counts = [count for _, count in self.pictures.regions[i]]
        whole = sum(e * n for e, n in zip(errors, counts)) / sum(counts)
        variant = f"{rate:g}" + (" cosine" if cosine else "")
        row = [self.pictures.names[i], method, variant, target]
        self.rows.append(row + ["all", decibels(whole), union, J])
        self.rows += [row + [k, decibels(e), None, None] for k, e in enumerate(errors)]

    def write(self):
        def table(name, header, rows):
            with open(self.settings.out / name, "w", newline="") as file:
                csv.writer(file).writerows([header.split(), *rows])

        table("results.csv", "picture method variant target region psnr union mean_jaccard", self.rows)
        table("rounds.csv", "picture rate round region psnr mean_jaccard", self.rounds)
        (self.settings.out / "table.md").write_text(self.table())

    def table(self):
        targets = self.settings.targets
        lines = ["| picture | method | step size | " + " | ".join(f"{t * 100:g} %" for t in targets) + " |"]
        lines.append("| --- " * (3 + len(targets)) + "|")
        whole = [row for row in self.rows if row[4] == "all"]
        for picture in [*self.pictures.names, "mean"]:
            for method, variant in dict.fromkeys((row[1], row[2]) for row in whole):
                cells = []
                for target in targets:
                    own = [r for r in whole if r[1:4] == [method, variant, target] and picture in (r[0], "mean")]
                    if not own:
                        cells.append("–")
                        continue
                    psnr, union = (statistics.mean(r[c] for r in own) for c in (5, 6))
                    cells.append(f"{psnr:.2f} · {union:,.0f}")
                lines.append(f"| {picture} | {method} | {variant} | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"


def decibels(error):
    return -10 * np.log10(max(error, 1e-10))


# MARK: The command


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", type=pathlib.Path, help="folder of pictures with their maps")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("runs/torch-pictures"))
    parser.add_argument("--images", nargs="*", help="only these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10_000, help="T")
    parser.add_argument("--points", type=int, default=512, help="points of a mini-batch")
    parser.add_argument("--prune", type=int, default=4096)
    parser.add_argument("--rates", nargs="*", type=float, default=[0.01, 0.001])
    parser.add_argument("--methods", nargs="*", default=["rtl", "imp_single"])
    parser.add_argument("--smoke", action="store_true", help="tiny sizes")
    parser.add_argument("--check", action="store_true", help="compare with torch.nn and torch.optim")
    settings = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if settings.check:
        import torch_pictures_check

        return torch_pictures_check.main(device)
    if settings.data is None:
        parser.error("DATA is missing")
    settings.targets = [0.25, 0.5, 0.75, 0.9]
    if settings.smoke:
        settings.steps, settings.points, settings.prune = 10, 64, 20_000
    settings.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    pictures = Pictures(settings.data, device, settings.images, shrink=8 if settings.smoke else 1)
    for name, own in zip(pictures.names, pictures.regions):
        say(f"{name}: {len(own)} regions, {sum(n for _, n in own)} points")
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    say(f"PyTorch {torch.__version__} on {name}")
    experiment = Experiment(pictures, settings)
    if "rtl" in settings.methods:
        experiment.extract()
        experiment.retrain()
    if "imp_single" in settings.methods:
        experiment.single()
    print(experiment.table())
    say("done")


if __name__ == "__main__":
    sys.exit(main())
