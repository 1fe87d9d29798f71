#!/usr/bin/env python3
"""Makes the PyTorch fixtures of the whole GhostNet (`full_ghostnet.json`) and of a network by recipe
(`recipe.json`): `python3 networks_fixture.py` in this folder.

Values come from the hash that `ghostnet_fixture.py` describes: value i of a tensor is
base + scale * unit(1, offset + i), input j is 2 * unit(streams.inputs, j), sample s has the label
hash(4, s) % outputs. The loss is the softmax cross entropy; a pass in training mode, then the backward
pass, then a pass in evaluation mode with the statistics that the first has left. Of every tensor the values
at flat positions 0, stride, 2 * stride, ... are kept, computed in float64, and the largest magnitude.

The inputs are the first stream for which float32 gives the same, whatever the order of the batch: no
rectifier and no maximum is so close to a kink that rounding decides.

`counts` of `full_ghostnet.json`: prunable weights, all parameters with two outputs, and multiply-adds for
one image, of truncated and whole GhostNets of several widths.
"""

import json
import math

import ghostnet
import recipe
import torch
from ghostnet_fixture import hash64, unit
from torch import nn
from torch.nn import functional as F

PARAMETERS, LABELS, KEPT, TOLERANCE, VARIANTS = 1, 4, 40, 3e-5, 3


def entries_of(model, is_prunable):
    named = list(model.named_parameters())
    ordered = [p for p in named if is_prunable(p[0])] + [p for p in named if not is_prunable(p[0])]
    offset, entries = 0, []
    for name, p in ordered:
        if p.dim() > 1:
            fan_in = math.prod(p.shape[1:])
            base, scale = 0.0, 2.0 ** math.floor(math.log2(math.sqrt(6 / fan_in)))
        else:
            base, scale = (1.0 if name.endswith("weight") else 0.0), 0.25
        entries.append(
            {"name": name, "shape": list(p.shape), "prunable": is_prunable(name), "offset": offset,
             "base": base, "scale": scale}
        )
        offset += p.numel()
    return entries


def compute(make, entries, samples, outputs, side, inputs, dtype, order):
    model = make().to(dtype)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for e in entries:
            p = parameters[e["name"]]
            values = e["base"] + e["scale"] * torch.from_numpy(
                unit(PARAMETERS, e["offset"], p.numel())
            )
            p.copy_(values.reshape(p.shape))
    x = torch.from_numpy(2 * unit(inputs, 0, samples * 3 * side * side))
    x = x.reshape(samples, 3, side, side).to(dtype)[order]
    labels = torch.tensor([int(h) % outputs for h in hash64(LABELS, 0, samples)])[order]
    logits = model.train()(x)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    results = {"train.logits": logits.detach()[order.argsort()]}
    for name, value in model.named_buffers():
        if "running" in name:
            results[name] = value.clone()
    for name, p in parameters.items():
        results[f"gradient.{name}"] = p.grad
    with torch.no_grad():
        results["eval.logits"] = model.eval()(x)[order.argsort()]
    return results, loss.item()


def fixture(file, make, is_prunable, samples, outputs, side, extra={}):
    entries = entries_of(make(), is_prunable)
    torch.manual_seed(0)
    orders = [torch.arange(samples)] + [torch.randperm(samples) for _ in range(VARIANTS - 1)]
    for inputs in range(1000, 2000):
        arguments = (make, entries, samples, outputs, side, inputs)
        exact, loss = compute(*arguments, torch.float64, orders[0])
        largest = max(v.abs().max().item() for n, v in exact.items() if n.startswith("gradient."))

        def unit_of(name, value):
            # A gradient that normalisation takes away is rounding noise.
            floor = 1e-2 * largest if name.startswith("gradient.") else 0
            return max(value.abs().max().item(), floor)

        worst = 0.0
        for order in orders:
            rounded = compute(*arguments, torch.float32, order)[0]
            errors = {
                name: (value.double() - exact[name]).abs().max().item() / unit_of(name, exact[name])
                for name, value in rounded.items()
            }
            worst, where = max((worst, ""), *((e, name) for name, e in errors.items()))
            if worst >= TOLERANCE:
                break
        if worst < TOLERANCE:
            break
        print(f"{file}: not {inputs}: {worst:.1e} in {where}")
    print(f"{file}: inputs {inputs}, float32 error {worst:.1e}")
    assert worst < TOLERANCE
    tensors = []
    for name, value in exact.items():
        flat = value.flatten()
        stride = next(s for s in [1, 7, 89, 347, 1291, 7919] if len(flat) <= s * KEPT)
        tensors.append(
            {"name": name, "stride": stride, "unit": unit_of(name, value),
             "values": [float(f"{v:.9g}") for v in flat[::stride].tolist()]}
        )
    head = {
        "torch": torch.__version__, "samples": samples, "outputs": outputs, "side": side,
        "inputs": inputs, "loss": loss, **extra,
    }
    with open(file, "w") as out:
        lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
        for key, rows in [("parameters", entries), ("tensors", tensors)]:
            lines.append(f' "{key}": [\n' + ",\n".join("  " + json.dumps(r) for r in rows) + "\n ]")
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


def counts(full, width, side):
    model = ghostnet.GhostNet(2, full, width).eval()
    operations = 0

    def count(module, _, output):
        nonlocal operations
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            operations += math.prod(module.weight.shape[1:]) * output.numel()

    for module in model.modules():
        module.register_forward_hook(count)
    model(torch.zeros(1, 3, side, side))
    return {
        "full": full, "width": width, "side": side,
        "prunable": sum(p.numel() for n, p in model.named_parameters() if ghostnet.is_prunable(n)),
        "parameters": sum(p.numel() for p in model.parameters()),
        "multiply_adds": operations,
    }


def main():
    torch.set_num_threads(1)
    table = [
        counts(full, width, side)
        for full in (False, True)
        for width in (0.25, 0.5, 0.75, 1.0, 1.3, 2.0)
        for side in (32, 96)
    ]
    fixture("recipe.json", lambda: recipe.Recipe(3), recipe.is_prunable, 19, 3, 16)
    fixture(
        "full_ghostnet.json", lambda: ghostnet.GhostNet(3, True, 0.25), ghostnet.is_prunable,
        samples=6, outputs=3, side=64, extra={"counts": table},
    )


if __name__ == "__main__":
    main()
