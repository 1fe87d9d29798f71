#!/usr/bin/env python3
"""Makes the PyTorch fixture of the truncated GhostNet (paper section 5).

Run it in this folder: `python3 ghostnet_fixture.py`. It needs torch and numpy, no data and no
network, and rewrites `ghostnet.json` and `ghostnet.bin`, bit for bit with the same torch version on the same kind
of processor (which float32 results are left out depends on its rounding). The network itself is
`ghostnet.py`.

How the counts come out
-----------------------
125,832 prunable weights and 141,662 parameters with two outputs are both hit exactly by:

* no bias in any convolution except the two of a squeeze-and-excitation (SE), weight and bias in the
  classifier;
* batch normalisation (BN) after the stem, after the primary and the cheap convolution of every
  Ghost module, after the stride-2 depthwise, after both shortcut convolutions and after the first
  head convolution; none after the second one;
* SE width = expansion / 4 to the nearest multiple of 4 (72 -> 20, 120 -> 32);
* all expansions are even, so a Ghost module of width n is two halves of n / 2, nothing cut off;
* a shortcut is the identity where stride is 1 and widths agree (blocks 0, 2, 4, 6, 7, 8).

                          weights
    convolutions          125,832   prunable: stem, Ghost, stride-2 depthwise, shortcut, head
    BN weight and bias      4,768
    SE weights and biases  10,804
    classifier, C = 2         258
                          -------
                          141,662

The second head convolution is linear and nothing stands between it and the average pooling, so
pooling first gives the same numbers and costs a quarter: this is how the forward pass comes to 1.30
million multiply-adds (1,300,176 with the SE convolutions, 256 more for two outputs).

    block: in -> out   ghost1(in -> expansion, ReLU)
                       stride 2: depthwise k x k + BN (no ReLU)
                       SE: mean -> reduce -> ReLU -> expand -> clip(x + 3, 0, 6) / 6 -> scale
                       ghost2(expansion -> out, no ReLU)
                       + identity, or depthwise k x k stride s + BN -> 1 x 1 + BN
    padding k // 2 everywhere, BN epsilon 1e-5, momentum 0.1 (running variance unbiased).

Values without storing them
---------------------------
With 64-bit wrapping arithmetic

    z = ((stream << 40) + index + 1) * 0x9E3779B97F4A7C15
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB
    hash(stream, index) = z ^ (z >> 31)
    unit(stream, index) = Float(hash >> 40) * 2^-23 - 1          exact in float32, in [-1, 1)

    parameter i of a tensor = base + scale * unit(streams.parameters, offset + i)
    input j                 = scale * unit(streams.inputs, j)    [20, 3, 32, 32], row-major
    mask bit p              = hash(streams.mask, p) >> 63        over the prunable weights

`base`, `scale` (powers of two), and `offset` (flat position: prunable tensors in module order, then
all others in module order) stand in the JSON file for every tensor.

What is stored
--------------
`ghostnet.json` describes, `ghostnet.bin` holds little-endian float32. An entry of `tensors` is
{"name", "shape", "offset", "stride", "count", "norm", "max"}: the values at flat positions 0, stride,
2 * stride, ... of a tensor of that shape, `count` of them from float `offset` of the file; `norm`
(L2) and `max` (of |x|) are those of the whole tensor. Names:

    train.logits, eval.logits      [20, 10]; evaluation with the statistics that the one training
                                   forward left behind
    train.running_mean.NAME, train.running_var.NAME     NAME as `stem.bn`
    gradient.NAME                  d loss / d NAME, training mode, no mask
    adam.logits.T, T = 1, 2, 3     logits before step T, forward with mask * parameters
    adam.parameter.NAME, adam.first_moment.NAME, adam.second_moment.NAME     after three steps
    adam.running_mean.NAME, adam.running_var.NAME       after three steps, from fresh statistics

and `loss` (before any step, no mask) and `adam.losses` are plain numbers. The loss is the mean over
the batch of binary cross entropy with logits on output unit `unit`.

Masked Adam: parameters outside the mask, and the classifier's rows and biases of other units, keep
weight and both moments. Inside, with step t from 1,

    m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
    x = x - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)

Everything is computed in float64 from values that are exact in float32. The inputs were chosen among
many so that no rectifier's argument is so close to a kink that rounding to float32 could flip it.

`vanishing` lists the BN biases whose gradient is zero in theory: what follows is a 1 x 1 convolution
and a BN, which takes a constant away again. In float32 their gradients are noise, which Adam's first
steps blow up to the learning rate: compare their gradients absolutely (below 1e-5), and their Adam
results not at all (they are not stored). For the same reason a few other Adam results cannot be had
in float32: a parameter whose gradient is tiny moves by the learning rate in the direction of its
sign, and the running mean behind a vanishing bias moves along with it. The script finds them by
running everything in float32 too, over several orders of the batch. Such single values are stored as
NaN (skip them), and tensors of running statistics are left out.
"""

import json
import math
import sys

import ghostnet
import numpy as np
import torch
from ghostnet import GhostNet, is_prunable
from torch import nn
from torch.nn import functional as F

SAMPLES, CLASSES, UNIT = 20, 10, 3
LEARNING_RATE, BETA1, BETA2, EPSILON, STEPS = 1e-3, 0.9, 0.999, 1e-8, 3
PARAMETERS, MASK, INPUTS = 1, 2, int(sys.argv[1]) if len(sys.argv) > 1 else 310
VARIANTS, TOLERANCE = 4, 3e-5

# MARK: Values from the hash


def hash64(stream, start, count):
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64) + np.uint64((stream << 40) + start + 1)
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def unit(stream, start, count):
    bits = (hash64(stream, start, count) >> np.uint64(40)).astype(np.float32)
    return bits * np.float32(2.0**-23) - np.float32(1)


def layout(model):
    """Flat order: name, shape, prunable, base, scale, offset."""
    named = list(model.named_parameters())
    ordered = [p for p in named if is_prunable(p[0])] + [p for p in named if not is_prunable(p[0])]
    entries, offset = [], 0
    for name, value in ordered:
        if name.endswith("bn.weight"):
            base, scale = 1.0, 0.25
        elif name.endswith("bias"):
            base, scale = 0.0, 0.25
        else:  # at most the bound of a uniform Kaiming initialisation
            fan_in = math.prod(value.shape[1:])
            base, scale = 0.0, 2.0 ** math.floor(math.log2(math.sqrt(6 / fan_in)))
        entries.append(
            dict(
                name=name,
                shape=list(value.shape),
                prunable=is_prunable(name),
                base=base,
                scale=scale,
                offset=offset,
            )
        )
        offset += value.numel()
    return entries


def fill(model, entries):
    parameters = dict(model.named_parameters())
    for entry in entries:
        p = parameters[entry["name"]]
        values = np.float32(entry["base"]) + np.float32(entry["scale"]) * unit(
            PARAMETERS, entry["offset"], p.numel()
        )
        assert values.dtype == np.float32
        with torch.no_grad():
            p.copy_(torch.from_numpy(values.reshape(entry["shape"])).to(p.dtype))


# MARK: What is computed


def loss_of(logits, labels):
    return F.binary_cross_entropy_with_logits(logits[:, UNIT], labels)


def statistics(model, prefix):
    return {
        f"{prefix}.{kind}.{name.removesuffix('.' + kind)}": value.detach().clone()
        for name, value in model.named_buffers()
        for kind in ["running_mean", "running_var"]
        if name.endswith(kind)
    }


def masked_adam(model, entries, mask, x, labels, results):
    """Three steps; returns the losses."""
    parameters = dict(model.named_parameters())
    dense = {n: p.detach().clone() for n, p in parameters.items()}
    first = {n: torch.zeros_like(p) for n, p in dense.items()}
    second = {n: torch.zeros_like(p) for n, p in dense.items()}
    active = {}
    for entry in entries:
        name, p = entry["name"], dense[entry["name"]]
        if entry["prunable"]:
            bits = mask[entry["offset"] : entry["offset"] + p.numel()]
            active[name] = torch.from_numpy(bits).reshape(p.shape)
        else:
            active[name] = torch.ones_like(p, dtype=torch.bool)
            if name.startswith("classifier."):
                active[name][torch.arange(CLASSES) != UNIT] = False
    losses = []
    for step in range(1, STEPS + 1):
        with torch.no_grad():
            for entry in entries:
                n = entry["name"]
                masked = entry["prunable"]
                parameters[n].copy_(dense[n] * active[n] if masked else dense[n])
        model.zero_grad()
        logits = model(x)
        results[f"adam.logits.{step}"] = logits.detach().clone()
        loss = loss_of(logits, labels)
        losses.append(loss.item())
        loss.backward()
        for n, p in parameters.items():
            g, on = p.grad, active[n]
            results[f"step.{step}.{n}"] = g.detach().clone()
            m = BETA1 * first[n] + (1 - BETA1) * g
            v = BETA2 * second[n] + (1 - BETA2) * g * g
            denominator = v.sqrt() / math.sqrt(1 - BETA2**step) + EPSILON
            moved = dense[n] - LEARNING_RATE / (1 - BETA1**step) * m / denominator
            first[n] = torch.where(on, m, first[n])
            second[n] = torch.where(on, v, second[n])
            dense[n] = torch.where(on, moved, dense[n])
    for n in dense:
        results[f"adam.parameter.{n}"] = dense[n]
        results[f"adam.first_moment.{n}"] = first[n]
        results[f"adam.second_moment.{n}"] = second[n]
    results.update(statistics(model, "adam"))
    return losses


def compute(dtype, mask, order=None):
    """All results in one precision, and every rectifier's argument in the training passes.

    `order` permutes the batch, which changes nothing but the rounding.
    """
    order = torch.arange(SAMPLES) if order is None else order
    ghostnet.kinks, ghostnet.recording = [], True
    model = GhostNet(CLASSES).to(dtype)
    entries = layout(model)
    fill(model, entries)
    x = torch.from_numpy(2 * unit(INPUTS, 0, SAMPLES * 3072)).reshape(SAMPLES, 3, 32, 32)
    x = x[order].to(dtype)
    labels = torch.tensor(LABELS, dtype=dtype)[order]
    results = {}
    logits = model.train()(x)
    loss = loss_of(logits, labels)
    loss.backward()
    results["train.logits"] = logits.detach()
    results.update(statistics(model, "train"))
    for name, p in model.named_parameters():
        results[f"gradient.{name}"] = p.grad.detach().clone()
    ghostnet.recording = False
    with torch.no_grad():
        results["eval.logits"] = model.eval()(x)
    ghostnet.recording = True
    model = GhostNet(CLASSES).to(dtype).train()
    fill(model, entries)
    losses = masked_adam(model, entries, mask, x, labels, results)
    for name in results:
        if "logits" in name:
            results[name] = results[name][order.argsort()]
    arguments = [(value[order.argsort()], places) for value, places in ghostnet.kinks]
    return entries, results, loss.item(), losses, arguments


LABELS = [int(h >> np.uint64(63)) for h in hash64(4, 0, SAMPLES)]


def check_counts():
    model = GhostNet(2)
    prunable = sum(p.numel() for n, p in model.named_parameters() if is_prunable(n))
    total = sum(p.numel() for p in model.parameters())
    assert prunable == 125_832, prunable
    assert total == 141_662, total
    operations = 0

    def count(module, _, output):
        nonlocal operations
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            each = math.prod(module.weight.shape[1:])
            operations += each * output.numel() // output.shape[0]

    handles = [m.register_forward_hook(count) for m in model.modules()]
    model.eval()(torch.zeros(1, 3, 32, 32))
    for handle in handles:
        handle.remove()
    assert round(operations / 1e6, 2) == 1.30, operations
    return operations


def check_adam():
    """The formula above is PyTorch's when nothing is masked."""
    model = GhostNet(CLASSES).double().train()
    entries = layout(model)
    fill(model, entries)
    x = torch.from_numpy(2 * unit(INPUTS, 0, SAMPLES * 3072)).reshape(SAMPLES, 3, 32, 32).double()
    labels = torch.tensor(LABELS).double()
    ours = {}
    masked_adam(model, entries, np.ones(125_832, dtype=bool), x, labels, ours)
    model = GhostNet(CLASSES).double().train()
    fill(model, entries)
    adam = torch.optim.Adam(model.parameters(), LEARNING_RATE, (BETA1, BETA2), EPSILON)
    for _ in range(STEPS):
        adam.zero_grad()
        loss_of(model(x), labels).backward()
        adam.step()
    for name, p in model.named_parameters():
        if not is_vanishing(name):  # rounding noise of 1e-17 over epsilon
            assert torch.allclose(p, ours[f"adam.parameter.{name}"], rtol=0, atol=1e-10), name


def is_vanishing(name):
    """Whether a constant added to this BN's output is taken away by the next BN."""
    parts = name.split(".")
    if not name.endswith(".bn.bias") or parts[0] != "blocks":
        return False
    block = int(parts[1])
    if parts[2] == "depthwise":  # followed by SE (not linear) or by a 1 x 1 convolution and BN
        return not ghostnet.BLOCKS[block][5]
    if parts[2:4] == ["shortcut", "depthwise"]:
        return True
    # From block 5 on, a block's sum meets only 1 x 1 convolutions and identities.
    return block >= 5 and parts[2:4] in (["ghost2", "cheap"], ["shortcut", "pointwise"])


def main():
    torch.set_num_threads(1)
    operations = check_counts()
    check_adam()
    mask = (hash64(MASK, 0, 125_832) >> np.uint64(63)).astype(bool)
    entries, results, loss, losses, arguments = compute(torch.float64, mask)
    torch.manual_seed(0)
    orders = [torch.arange(SAMPLES)] + [torch.randperm(SAMPLES) for _ in range(VARIANTS - 1)]
    variants = [compute(torch.float32, mask, order) for order in orders]

    # No rectifier's argument may be as close to a kink as float32's largest error in its layer.
    margin, flips = math.inf, 0
    for variant in variants:
        for (a, places), (b, _) in zip(arguments, variant[4]):
            for place in places:
                error = (a - b).abs().max().clamp(min=1e-9)
                margin = min(margin, ((a - place).abs().min() / error).item())
                flips += ((a > place) != (b > place)).sum().item()

    errors = {
        name: torch.stack([(value - v[1][name].double()).abs() for v in variants]).amax(0)
        for name, value in results.items()
    }
    gradients = [f"gradient.{e['name']}" for e in entries]
    scale = max(results[name].abs().max().item() for name in gradients)
    worst, left_out, unstable, moved = 0.0, [], 0, 0
    for name, value in results.items():
        largest = value.abs().max().item()
        parameter = name.split(".", 2)[-1] if name.startswith("adam.") else name[9:]
        if name in gradients and is_vanishing(parameter):
            assert largest < 1e-14 * scale, (name, largest)
            assert errors[name].max() < 3e-6, (name, errors[name].max())
            continue
        if name in gradients and not parameter.startswith("classifier."):
            assert largest > 1e-5 * scale, (name, largest)
        if is_vanishing(parameter) or name.startswith("step."):
            continue
        error = errors[name].max().item() / largest
        if name.startswith("adam.running_") and error > TOLERANCE:
            left_out.append(name)
            continue
        if name.startswith("adam.parameter."):
            # d x / d g is at most the learning rate over |g|, step by step.
            bad = errors[name] > TOLERANCE * largest
            for step in range(1, STEPS + 1):
                g, noise = (r[f"step.{step}.{parameter}"] for r in (results, errors))
                bad |= (g != 0) & (LEARNING_RATE * noise.max() > TOLERANCE * largest * g.abs())
            unstable += bad.sum().item()
            moved += bad.numel()
            error = (errors[name] * ~bad).max().item() / largest
            results[name] = torch.where(bad, math.nan, value)
        worst = max(worst, error)
        if error > TOLERANCE:
            print("over tolerance:", name, error)
    print(f"inputs {INPUTS}: margin {margin:.2f}, flips {flips}, float32 error {worst:.1e}")
    print(f"NaN {unstable} of {moved}, left out {len(left_out)}: {left_out}")
    if "--probe" in sys.argv:
        return
    assert margin > 0.5 and flips == 0 and worst <= TOLERANCE and unstable < 0.02 * moved
    vanishing = [e["name"] for e in entries if is_vanishing(e["name"])]

    blob, tensors, position = [], [], 0
    for name, value in results.items():
        parameter = name.split(".", 2)[-1] if name.startswith("adam.") else name
        if is_vanishing(parameter) and not name.startswith("gradient."):
            continue
        if name in left_out or name.startswith("step."):
            continue
        flat = value.flatten().numpy()
        limit = 1024 if name.startswith("gradient.") else 256
        stride = 7 if len(flat) > limit else 1  # 7 divides no dimension of any tensor
        kept = flat[::stride].astype("<f4")
        tensors.append(
            dict(
                name=name,
                shape=list(value.shape),
                offset=position,
                stride=stride,
                count=len(kept),
                norm=float(np.sqrt(np.nansum(flat**2))),
                max=float(np.nanmax(np.abs(flat))),
            )
        )
        blob.append(kept)
        position += len(kept)
    np.concatenate(blob).tofile("ghostnet.bin")
    index = {
        "torch": torch.__version__,
        "samples": SAMPLES,
        "classes": CLASSES,
        "unit": UNIT,
        "labels": LABELS,
        "streams": {"parameters": PARAMETERS, "mask": MASK, "inputs": INPUTS},
        "input_scale": 2.0,
        "adam": {
            "learning_rate": LEARNING_RATE,
            "beta1": BETA1,
            "beta2": BETA2,
            "epsilon": EPSILON,
            "steps": STEPS,
            "losses": losses,
        },
        "loss": loss,
        "prunable": 125_832,
        "multiply_adds_two_outputs": operations,
        "mask_ones": int(mask.sum()),
        "first_inputs": [float(v) for v in 2 * unit(INPUTS, 0, 4)],
        "first_parameters": [float(v) for v in 0.25 * unit(PARAMETERS, 0, 4)],
    }
    with open("ghostnet.json", "w") as file:
        lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in index.items()]
        for key, rows in [("parameters", entries), ("tensors", tensors)]:
            body = ",\n".join("  " + json.dumps(row) for row in rows)
            lines.append(f" {json.dumps(key)}: [\n{body}\n ]")
        lines.append(f' "vanishing": {json.dumps(vanishing)}')
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{position} floats, {operations} multiply-adds with two outputs, mask {mask.mean():.4f}")


if __name__ == "__main__":
    main()
