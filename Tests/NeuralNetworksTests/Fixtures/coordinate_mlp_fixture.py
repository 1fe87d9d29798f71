#!/usr/bin/env python3
"""Makes the PyTorch fixture of the coordinate MLP: `python3 coordinate_mlp_fixture.py` in this folder.

Values come from the hash that `ghostnet_fixture.py` describes: parameter i of the flat order (weights in
module order, then biases) is scale * unit(1, i), input j of [19, 34] is 2 * unit(INPUTS, j), target j of
[19, 3] is unit(4, j), and mask bit p is hash(2, p) >> 63.
INPUTS was chosen so that no rectifier's argument comes close to its kink.

`coordinate_mlp.json` holds, computed in float64: the outputs and the mean squared error without mask, its
gradients, the losses before each of three masked Adam steps, and the parameters after them. Of every tensor
the values at flat positions 0, stride, 2 * stride, ... and the largest magnitude of all are kept. A value that
float32 cannot have is null: Adam moves a weight by the learning rate in the direction of a gradient that may be
as small as its rounding error.
"""

import json
import math

import torch
from coordinate_mlp import FEATURES, CoordinateMLP, is_prunable
from ghostnet_fixture import hash64, unit
from torch.nn import functional as F

SAMPLES, OUTPUTS, STEPS, LEARNING_RATE = 19, 3, 3, 1e-3
PARAMETERS, MASK, INPUTS, TARGETS = 1, 2, 47, 4
KEPT, TOLERANCE = 48, 1e-5


def flat_order(model):
    named = list(model.named_parameters())
    ordered = [p for p in named if is_prunable(p[0])] + [p for p in named if not is_prunable(p[0])]
    offset = 0
    for name, p in ordered:
        yield name, p, offset
        offset += p.numel()


def scale_of(name, p):
    """A power of two, at most the bound of a uniform Kaiming initialisation."""
    return 2.0 ** math.floor(math.log2(math.sqrt(6 / p.shape[1]))) if is_prunable(name) else 0.25


def values(stream, shape, dtype, scale=1.0, start=0):
    count = math.prod(shape)
    return (torch.from_numpy(unit(stream, start, count)).to(dtype) * scale).reshape(shape)


def compute(dtype):
    """Results by name, the losses, and the smallest distance of a rectifier's argument from its kink."""
    model = CoordinateMLP(OUTPUTS).to(dtype)
    parameters = list(flat_order(model))
    with torch.no_grad():
        for name, p, offset in parameters:
            p.copy_(values(PARAMETERS, p.shape, dtype, scale_of(name, p), offset))
    x = values(INPUTS, (SAMPLES, FEATURES), dtype, 2)
    target = values(TARGETS, (SAMPLES, OUTPUTS), dtype)
    margin = []
    for layer in model.layers[:-1]:
        layer.register_forward_hook(lambda m, i, y: margin.append(y.abs().min().item()))
    outputs = model(x)
    loss = F.mse_loss(outputs, target)
    loss.backward()
    results = {"outputs": outputs.detach()}
    results |= {f"gradient.{name}": p.grad.clone() for name, p, _ in parameters}

    prunable = sum(p.numel() for name, p, _ in parameters if is_prunable(name))
    bits = torch.from_numpy((hash64(MASK, 0, prunable) >> 63).astype("int64"))
    masks = {
        name: bits[offset : offset + p.numel()].reshape(p.shape).to(dtype)
        for name, p, offset in parameters
        if is_prunable(name)
    }
    rest = {name: (1 - masks[name]) * p.detach() for name, p, _ in parameters if name in masks}
    with torch.no_grad():
        for name, p, _ in parameters:
            if name in masks:
                p.mul_(masks[name])
    adam = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    losses = []
    for _ in range(STEPS):
        adam.zero_grad()
        step_loss = F.mse_loss(model(x), target)
        losses.append(step_loss.item())
        step_loss.backward()
        for name, p, _ in parameters:
            if name in masks:  # zero gradients and moments: Adam leaves these weights alone
                p.grad.mul_(masks[name])
        adam.step()
    for name, p, _ in parameters:
        results[f"adam.{name}"] = p.detach() + rest.get(name, 0)
    return results, loss.item(), losses, min(margin), prunable, int(bits.sum())


def main():
    torch.set_num_threads(1)
    exact, loss, losses, margin, prunable, ones = compute(torch.float64)
    rounded = compute(torch.float32)[0]
    tensors, missing = [], 0
    for name, value in exact.items():
        flat, other = value.flatten(), rounded[name].double().flatten()
        largest = flat.abs().max().item()
        stride = next(s for s in [1, 7, 89, 347] if len(flat) <= s * KEPT * (2 if s == 1 else 1))
        kept = [
            float(a) if abs(a - b) <= TOLERANCE * largest else None
            for a, b in zip(flat[::stride].tolist(), other[::stride].tolist())
        ]
        assert name.startswith("adam.") or None not in kept, name
        missing += kept.count(None)
        tensors.append(
            {"name": name, "shape": list(value.shape), "stride": stride, "max": largest, "values": kept}
        )
    print(f"margin {margin:.1e}, {missing} of {sum(len(t['values']) for t in tensors)} missing")
    assert margin > 1e-5 and missing < 20
    head = {
        "torch": torch.__version__, "samples": SAMPLES, "outputs": OUTPUTS, "learning_rate": LEARNING_RATE,
        "streams": {"parameters": PARAMETERS, "mask": MASK, "inputs": INPUTS, "targets": TARGETS},
        "input_scale": 2.0, "prunable": prunable, "mask_ones": ones, "loss": loss, "losses": losses,
    }
    model = CoordinateMLP(OUTPUTS)
    parameters = [
        {"name": n, "shape": list(p.shape), "offset": o, "scale": scale_of(n, p)}
        for n, p, o in flat_order(model)
    ]
    with open("coordinate_mlp.json", "w") as file:
        lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
        for key, rows in [("parameters", parameters), ("tensors", tensors)]:
            lines.append(f' "{key}": [\n' + ",\n".join("  " + json.dumps(r) for r in rows) + "\n ]")
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
