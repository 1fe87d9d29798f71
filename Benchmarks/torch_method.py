#!/usr/bin/env python3
"""The paper's CIFAR-10 experiment wholly in PyTorch, over several seeds at once: a second opinion on `rtl`.

    python3 Benchmarks/torch_method.py DATA --seeds 3 --out DIR      # one GPU; minutes
    python3 Benchmarks/torch_method.py DATA --smoke --out DIR        # a CPU; shows only that it works
    python3 Benchmarks/torch_method.py --check                       # the network against plain PyTorch modules

DATA is the folder that holds cifar-10-batches-bin. It is written from the paper (arXiv 2601.22141) and from
docs/method.md, shares no code with the Swift engine, and draws θ₀ and batches with PyTorch's generators: figures
agree with those of `rtl` as those of another seed would.

What is done, with the settings of sample-configs/cifar10-paper.yaml:

  extraction   Algorithm 1. A round trains each subnetwork from θ₀ under its mask for ten epochs of balanced
               batches (every image of its class once an epoch, 160 beside 160 of the others, the last 40 beside
               40), judges it on the test images, removes the 4,096 smallest trained weights that are left, or as
               many as are missing to the next target, and gives the trained values up.
  retraining   Algorithm 2, at each target. From θ₀, ten epochs; batch by batch the subnetworks take turns on one θ.
               Adam moves nothing outside the mask, weights nor moments; steps are counted and batch norm's running
               statistics kept per subnetwork; subnetwork k owns output unit k. `shuffled_joint` has RTL's masks shuffled
               within each layer, `random_joint` random ones, `dense_joint` all weights.
  imp_multiple RTL's masks, a network each.   imp_single   one mask, softmax over all classes, 20 epochs.

Stages: `controls` is all joint retraining and imp_multiple, `imp_single` that, `beyond` RTL pruned on to 97 % with
joint retraining at 80, 85, 90, 95 and 97 %, `one_epoch` RTL with one epoch before each pruning. On one NVIDIA H100
with three seeds an epoch of the thirty subnetworks takes 0.75 s (240 of them are the extraction), `controls` 110 s
and a step of `imp_single`, of which there are 85,000, 4.3 ms.

Files in DIR: results.csv (a line per method, target and seed), rounds.csv (a line per round and subnetwork), table.md,
masks.npz (RTL's masks; `--masks FILE` goes on from them). They are written anew after every stage, so what a time
limit cuts off is only the stage in progress.
"""

import argparse
import pathlib
import statistics
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

import torch_ghostnet as ghostnet
from torch_figures import CLASSES, Report, judge, judge_classifier, one_vs_rest, prune, similarities

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
STAGES = ["controls", "imp_single", "beyond", "one_epoch"]
START = time.perf_counter()


def say(text):
    print(f"{time.perf_counter() - START:7.1f} s  {text}", flush=True)


# MARK: Data


class Images:
    """CIFAR-10 as normalised and unfolded 3 x 3 patches of stride 2: [images, 27, 256]."""

    def __init__(self, folder, device, train=None, test=None):
        def read(names, limit):
            raw = np.concatenate(
                [np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names]
            )
            if limit:  # the first of each class
                kept = [np.flatnonzero(raw[:, 0] == c)[: limit // CLASSES] for c in range(CLASSES)]
                raw = raw[np.sort(np.concatenate(kept))]
            return raw[:, 1:].reshape(-1, 3, 32, 32), torch.from_numpy(raw[:, 0].astype(np.int64))

        pixels, labels = read([f"data_batch_{i}.bin" for i in range(1, 6)], train)
        mean = (pixels.mean((0, 2, 3), dtype=np.float64) / 255).astype(np.float32)
        deviation = (pixels.std((0, 2, 3), dtype=np.float64) / 255).astype(np.float32)

        def unfold(pixels):
            out = torch.empty(len(pixels), 27, 256, device=device)
            for i in range(0, len(pixels), 5000):
                x = torch.from_numpy(pixels[i : i + 5000]).to(device).float() / 255
                x -= torch.from_numpy(mean).to(device)[:, None, None]
                x /= torch.from_numpy(deviation).to(device)[:, None, None]
                out[i : i + 5000] = F.unfold(x, 3, padding=1, stride=2)
            return out

        self.train, self.labels = unfold(pixels), labels.to(device)
        pixels, labels = read(["test_batch.bin"], test)
        self.test, self.test_labels = unfold(pixels), labels.to(device)
        order = torch.arange(len(self.labels), device=device)
        self.members = torch.stack([order[self.labels == c] for c in range(CLASSES)])
        self.others = torch.stack([order[self.labels != c] for c in range(CLASSES)])


# MARK: Training


class Trainer:
    """M models that train side by side, each on its own batches; on CUDA a step is a captured graph."""

    def __init__(self, layout, images, models, settings, multiclass=False):
        self.layout, self.images, self.multiclass = layout, images, multiclass
        self.settings, self.models = settings, models
        self.device = images.train.device
        self.chunk = settings.chunk if models >= 10 else settings.chunk // 2  # enough rows for a GPU
        zeros = lambda *shape: torch.zeros(*shape, device=self.device)
        self.theta, self.active = zeros(models, layout.count), zeros(models, layout.count)
        self.first, self.second = zeros(models, layout.count), zeros(models, layout.count)
        self.running = layout.fresh_statistics(models, device=self.device)
        self.unit = zeros(models, layout.outputs)
        self.t = torch.ones((), dtype=torch.float64, device=self.device)
        self.index, self.graphs, self.pool = {}, {}, None

    def begin(self, theta, active=None, units=None):
        """Starts from θ with fresh moments and statistics."""
        self.theta.copy_(theta)
        self.first.zero_(), self.second.zero_()
        self.running.copy_(self.layout.fresh_statistics(self.models, device=self.device))
        if active is not None:
            self.active.copy_(active)
        if units is not None:
            self.unit.zero_().scatter_(1, units.view(-1, 1), 1)

    def compute(self, size):
        """One step on the batches in `index[size]`."""
        layout, n, M = self.layout, self.chunk, self.models
        B = M * size // n
        index = self.index[size]
        x = self.images.train[index.view(B, n)].permute(0, 2, 1, 3).reshape(B, 27, n * 256)
        flat = (self.theta * self.active).requires_grad_()
        logits = ghostnet.forward(layout, flat, x, self.running, training=True)
        if self.multiclass:
            losses = F.cross_entropy(logits, self.images.labels[index].view(B, n), reduction="none")
        else:
            unit = self.unit.repeat_interleave(B // M, 0).unsqueeze(2)
            labels = (torch.arange(size, device=self.device) < size // 2).float()
            losses = F.binary_cross_entropy_with_logits(
                (logits * unit).sum(1), labels.repeat(M).view(B, n), reduction="none"
            )
        g = torch.autograd.grad(losses.sum() / size, flat)[0]
        # Where `active` is 0 each of the three lines adds an exact zero.
        self.first.addcmul_(self.active, g - self.first, value=1 - BETA1)
        self.second.addcmul_(self.active, g * g - self.second, value=1 - BETA2)
        rate = (self.settings.rate / (1 - BETA1**self.t)).float()
        root = (1 - BETA2**self.t).sqrt().float()
        self.theta.sub_(self.active * (rate * self.first / (self.second.sqrt() / root + EPSILON)))

    def prepare(self, size):
        """Captures the step for a batch size; what the trainer holds is spoilt."""
        self.index[size] = torch.zeros(self.models, size, dtype=torch.long, device=self.device)
        if self.device.type != "cuda":
            return
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(2):
                self.compute(size)
        torch.cuda.current_stream().wait_stream(stream)
        torch.cuda.synchronize()
        self.graphs[size] = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graphs[size], pool=self.pool):
            self.compute(size)
        self.pool = self.graphs[size].pool()

    def step(self, index, t):
        """Adam's step number t (from 1) on the images index [M, size]."""
        size = index.shape[1]
        self.index[size].copy_(index)
        self.t.fill_(t)
        if self.graphs:
            self.graphs[size].replay()
        else:
            self.compute(size)

    @torch.no_grad()
    def logits(self, theta, active, running):
        """Of all test images in evaluation mode: [M, images, outputs]."""
        test, n, M = self.images.test, self.chunk, theta.shape[0]
        most, out = max(n, 36_000 // M // n * n), []
        for start in range(0, len(test), most):
            x = test[start : start + most]
            G = len(x) // n
            x = x.view(G, n, 27, 256).permute(0, 2, 1, 3).reshape(1, G, 27, n * 256)
            x = x.expand(M, -1, -1, -1).reshape(M * G, 27, n * 256)
            y = ghostnet.forward(self.layout, theta * active, x, running, training=False)
            out.append(y.view(M, G, self.layout.outputs, n).transpose(2, 3).reshape(M, G * n, -1))
        return torch.cat(out, 1)


def balanced_epoch(images, subsets, half, generator):
    """An epoch's mini-batches of M models, [M, 2 * half] each: positives, then as many others."""
    members, M = images.members[subsets], len(subsets)
    count, device = members.shape[1], members.device
    order = torch.rand(M, count, device=device, generator=generator).argsort(1)
    members, batches = members.gather(1, order), -(-count // half)
    others = images.others[subsets]
    keys = torch.rand(M, batches, others.shape[1], device=device, generator=generator)
    chosen = keys.topk(min(half, others.shape[1]), sorted=False).indices  # different within a batch
    drawn = others.unsqueeze(1).expand(-1, batches, -1).gather(2, chosen)
    for i in range(batches):
        positives = members[:, i * half : (i + 1) * half]
        yield torch.cat([positives, drawn[:, i, : positives.shape[1]]], 1)


def plain_epoch(images, M, size, generator):
    """All images in an order of each model's own."""
    count, device = len(images.labels), images.labels.device
    order = torch.rand(M, count, device=device, generator=generator).argsort(1)
    return order.split(size, dim=1)


def expand(layout, masks, units=None):
    """Masks [..., prunable] -> what takes part [..., count]: the rest too, but of the output units only one's own."""
    rest = torch.ones(*masks.shape[:-1], layout.count - layout.prunable, device=masks.device)
    if units is not None:
        own = F.one_hot(units, layout.outputs).float().expand(*masks.shape[:-1], -1)
        start = rest.shape[-1] - 129 * layout.outputs
        rest[..., start : start + 128 * layout.outputs] = own.repeat_interleave(128, -1)
        rest[..., start + 128 * layout.outputs :] = own
    return torch.cat([masks.float(), rest], -1)


def train_apart(trainer, theta, masks, subsets, epochs, generator):
    """M models, nothing shared; subset[m] is what model m answers for, None all classes. Leaves them in the trainer."""
    settings, images = trainer.settings, trainer.images
    trainer.begin(theta, expand(trainer.layout, masks, subsets), subsets)
    t = 0
    for _ in range(epochs):
        batches = (
            plain_epoch(images, trainer.models, settings.batch, generator)
            if subsets is None
            else balanced_epoch(images, subsets, settings.batch // 2, generator)
        )
        for index in batches:
            t += 1
            trainer.step(index, t)


def train_jointly(trainer, theta, masks, epochs, generator):
    """Algorithm 2 for M shared θ at once, masks [M, K, prunable]. Leaves θ in the trainer; returns what takes part
    [M, K, count] and the running statistics [M, K, 2, ...]."""
    layout, device = trainer.layout, masks.device
    M, K = masks.shape[:2]
    active = expand(layout, masks, torch.arange(K, device=device))
    running = layout.fresh_statistics(M, K, device=device)
    trainer.begin(theta)
    subsets = [torch.full((M,), k, device=device) for k in range(K)]
    t = 0
    for _ in range(epochs):
        half = trainer.settings.batch // 2
        epoch = [list(balanced_epoch(trainer.images, s, half, generator)) for s in subsets]
        for i in range(len(epoch[0])):
            t += 1  # each subnetwork counts its own steps, and all have taken as many
            for k in range(K):
                trainer.active.copy_(active[:, k])
                trainer.running.copy_(running[:, k])
                trainer.unit.zero_()[:, k] = 1
                trainer.step(epoch[k][i], t)
                running[:, k].copy_(trainer.running)
    return active, running


# MARK: Masks


def shuffled(layout, masks, generator):
    """As many ones in every layer, elsewhere."""
    parts = []
    for part in masks.split(layout.layers, dim=-1):
        keys = torch.rand(part.shape, device=masks.device, generator=generator)
        parts.append(part.gather(-1, keys.argsort(-1)))
    return torch.cat(parts, -1)


# MARK: The experiment


class Experiment:
    def __init__(self, images, settings, folder):
        self.images, self.settings, self.report = images, settings, Report(folder)
        self.layout = ghostnet.Layout()
        self.device = images.train.device
        self.seeds = range(1, settings.seeds + 1)
        self.theta = torch.stack(
            [self.layout.initial(torch.Generator().manual_seed(s)) for s in self.seeds]
        ).to(self.device)
        self.generator = torch.Generator(self.device).manual_seed(settings.first_seed)
        self.masks = {}  # target: [S, K, prunable] of RTL
        self.trainers = {}

    def trainer(self, models):
        """One for balanced batches, kept for who asks again."""
        if models not in self.trainers:
            self.trainers[models] = Trainer(self.layout, self.images, models, self.settings)
            half, count = self.settings.batch // 2, self.images.members.shape[1]
            for size in sorted({2 * min(half, count), 2 * (count % half or half)}, reverse=True):
                self.trainers[models].prepare(size)
        return self.trainers[models]

    def schedule(self, removed, targets):
        """(weights to remove, target met or None) round by round."""
        for target in targets:
            end = round(target * self.layout.prunable)
            while removed < end:
                count = min(self.settings.prune, end - removed)
                removed += count
                yield count, target if removed == end else None

    def extract(self, method, epochs, targets, masks=None, first_round=1):
        """RTL's masks at the targets: {target: [S, K, prunable]}."""
        S, K, P = len(self.seeds), CLASSES, self.layout.prunable
        trainer = self.trainer(S * K)
        subsets = torch.arange(K, device=self.device).repeat(S)
        theta = self.theta.repeat_interleave(K, 0)
        if masks is None:
            masks = torch.ones(S, K, P, dtype=torch.bool, device=self.device)
        found, labels = {}, self.images.test_labels
        plan = list(self.schedule(P - int(masks[0, 0].sum()), targets))
        for r, (count, target) in enumerate(plan, first_round):
            flat = masks.view(S * K, P)
            train_apart(trainer, theta, flat, subsets, epochs, self.generator)
            logits = trainer.logits(trainer.theta, trainer.active, trainer.running)
            before = 1 - flat.double().mean(1)
            masks = prune(flat, trainer.theta[:, :P], count).view(S, K, P)
            J, after = similarities(masks), 1 - masks.double().mean(-1)
            scores = []
            for m in range(S * K):
                s, k = divmod(m, K)
                scores.append(one_vs_rest(logits[m, :, k] > 0, labels, k)[0])
                line = [method, self.seeds[s], r, k, before[m].item(), scores[-1]]
                self.report.rounds.append(line + [after[s, k].item(), J[s, k].item()])
            say(
                f"{method} round {r}: {after.mean().item():.3f} pruned, before the rewind "
                f"{statistics.mean(scores):.4f}, mean J {J.mean().item():.4f}"
            )
            if target is not None:
                found[target] = masks
        self.report.write()
        return found

    def retrain_jointly(self, jobs):
        """jobs: (method, target, masks [S, K, prunable]); all at once."""
        S = len(self.seeds)
        trainer = self.trainer(S * len(jobs))
        masks = torch.cat([masks for _, _, masks in jobs])
        theta = self.theta.repeat(len(jobs), 1)
        active, running = train_jointly(
            trainer, theta, masks, self.settings.retraining, self.generator
        )
        own = []
        for k in range(CLASSES):
            own.append(trainer.logits(trainer.theta, active[:, k], running[:, k])[:, :, k])
        own = torch.stack(own, 2)
        for j, (method, target, masks) in enumerate(jobs):
            for s in range(S):
                figures = judge(own[j * S + s], self.images.test_labels)
                self.report.add(method, target, self.seeds[s], figures, masks[s])
        self.report.write()
        say("jointly retrained: " + ", ".join(f"{m} {t:g}" for m, t, _ in jobs))

    def retrain_apart(self, jobs):
        """The same masks, a network each."""
        S, K = len(self.seeds), CLASSES
        trainer = self.trainer(S * K)
        subsets = torch.arange(K, device=self.device).repeat(S)
        theta = self.theta.repeat_interleave(K, 0)
        for method, target, masks in jobs:
            flat = masks.view(S * K, -1)
            train_apart(trainer, theta, flat, subsets, self.settings.retraining, self.generator)
            logits = trainer.logits(trainer.theta, trainer.active, trainer.running)
            logits = logits.view(S, K, -1, CLASSES).diagonal(dim1=1, dim2=3)  # [S, images, K]
            for s in range(S):
                figures = judge(logits[s], self.images.test_labels)
                self.report.add(method, target, self.seeds[s], figures, masks[s])
        self.report.write()
        say("retrained apart: " + ", ".join(f"{m} {t:g}" for m, t, _ in jobs))

    def controls(self):
        """Joint retraining of RTL's masks and of masks that say nothing."""
        jobs = [("rtl", target, masks) for target, masks in self.masks.items()]
        for target, masks in self.masks.items():
            jobs.append(("shuffled_joint", target, shuffled(self.layout, masks, self.generator)))
        for target, masks in self.masks.items():
            ones = torch.ones_like(masks)
            weights = torch.rand(masks.shape, device=self.device, generator=self.generator)
            removed = int((~masks[0, 0]).sum())
            jobs.append(("random_joint", target, prune(ones, weights, removed)))
        jobs.append(("dense_joint", 0.0, torch.ones_like(ones)))
        self.retrain_jointly(jobs)
        self.retrain_apart([("imp_multiple", target, masks) for target, masks in self.masks.items()])

    def single(self):
        """IMP single: one mask and one classifier of all classes, twice the epochs."""
        S, P, settings = len(self.seeds), self.layout.prunable, self.settings
        trainer = Trainer(self.layout, self.images, S, settings, multiclass=True)
        size, count = settings.batch, len(self.images.labels)
        for size in sorted({min(size, count), count % size or size}, reverse=True):
            trainer.prepare(size)
        masks = torch.ones(S, P, dtype=torch.bool, device=self.device)
        for r, (count, target) in enumerate(self.schedule(0, settings.targets), 1):
            epochs = 2 * settings.epochs
            train_apart(trainer, self.theta, masks, None, epochs, self.generator)
            masks = prune(masks, trainer.theta[:, :P], count)
            say(f"imp_single round {r}: {1 - masks.float().mean().item():.3f} pruned")
            if target is None:
                continue
            epochs = 2 * settings.retraining
            train_apart(trainer, self.theta, masks, None, epochs, self.generator)
            logits = trainer.logits(trainer.theta, trainer.active, trainer.running)
            for s in range(S):
                figures = judge_classifier(logits[s], self.images.test_labels)
                self.report.add("imp_single", target, self.seeds[s], figures, masks[s : s + 1])
            self.report.write()
            say(f"imp_single {target:g}: " + ", ".join(f"{r[3]:.4f}" for r in self.report.rows[-S:]))

    def run(self):
        settings = self.settings
        if settings.masks:
            self.load_masks(settings.masks)
        else:
            self.masks = self.extract("rtl", settings.epochs, settings.targets)
            self.save_masks()
        if "controls" in settings.stages:
            self.controls()
        if "imp_single" in settings.stages:
            self.single()
        if "beyond" in settings.stages:
            last, targets = settings.targets[-1], settings.beyond
            rounds = len(list(self.schedule(0, settings.targets)))
            beyond = self.extract(
                "rtl", settings.epochs, targets, self.masks[last], first_round=rounds + 1
            )
            self.retrain_jointly([("rtl", target, masks) for target, masks in beyond.items()])
        if "one_epoch" in settings.stages:
            once = self.extract("rtl_one_epoch", 1, settings.targets)
            self.retrain_jointly([("rtl_one_epoch", t, masks) for t, masks in once.items()])
        print(self.report.table())

    def save_masks(self):
        packed = {str(t): np.packbits(m.cpu().numpy(), axis=-1) for t, m in self.masks.items()}
        np.savez(self.report.folder / "masks.npz", **packed)

    def load_masks(self, path):
        for target, packed in np.load(path).items():
            bits = np.unpackbits(packed, axis=-1, count=self.layout.prunable).astype(bool)
            self.masks[float(target)] = torch.from_numpy(bits).to(self.device)


# MARK: The command


def step_times(experiment):
    """Milliseconds of a captured step for several numbers of models."""
    for models in [len(experiment.seeds), 10 * len(experiment.seeds)]:
        trainer = experiment.trainer(models)
        subsets = torch.arange(models, device=experiment.device) % CLASSES
        masks = torch.ones(models, experiment.layout.prunable, device=experiment.device)
        for timed in [False, True]:
            torch.cuda.synchronize()
            start = time.perf_counter()
            theta = experiment.theta[:1].expand(models, -1)
            train_apart(trainer, theta, masks, subsets, 1, experiment.generator)
            torch.cuda.synchronize()
            if timed:
                say(f"{models} models: an epoch of 32 steps takes {time.perf_counter() - start:.3f} s")
        start = time.perf_counter()
        trainer.logits(trainer.theta, trainer.active, trainer.running)
        torch.cuda.synchronize()
        memory = torch.cuda.max_memory_allocated() / 2**30
        say(f"judging takes {time.perf_counter() - start:.3f} s; {memory:.1f} GiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", type=pathlib.Path, help="folder of cifar-10-batches-bin")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("runs/torch-method"))
    parser.add_argument("--seeds", type=int, default=3, help="1 to N, side by side")
    parser.add_argument("--stages", nargs="*", default=STAGES, choices=STAGES,
                        help="what to do after RTL's extraction (all)")  # fmt: skip
    parser.add_argument("--masks", type=pathlib.Path, metavar="FILE",
                        help="RTL's masks.npz of another run, in the place of extraction")  # fmt: skip
    parser.add_argument("--chunk", type=int, default=40, help="images of a chunk; divides 80")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes")
    parser.add_argument("--check", action="store_true", help="compare with plain PyTorch modules")
    parser.add_argument("--time", action="store_true", help="measure a step and stop")
    settings = parser.parse_args()
    settings.epochs, settings.retraining, settings.batch, settings.rate = 10, 10, 320, 1e-4
    settings.prune, settings.targets = 4096, [0.25, 0.5, 0.75]
    settings.beyond, settings.first_seed = [0.8, 0.85, 0.9, 0.95, 0.97], 1
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if settings.check:
        import torch_method_check

        torch_method_check.main(device)
        return
    if settings.data is None:
        parser.error("DATA is missing")
    train = test = None
    if settings.smoke:
        train, test, settings.batch, settings.chunk = 300, 40, 40, 20
        settings.epochs = settings.retraining = 1
        settings.prune, settings.rate, settings.beyond = 40_000, 1e-3, [0.9]
    images = Images(settings.data / "cifar-10-batches-bin", device, train, test)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    say(f"{len(images.labels)} images; PyTorch {torch.__version__} on {name}")
    experiment = Experiment(images, settings, settings.out)
    if settings.time:
        step_times(experiment)
    else:
        experiment.run()
    say("done")


if __name__ == "__main__":
    sys.exit(main())
