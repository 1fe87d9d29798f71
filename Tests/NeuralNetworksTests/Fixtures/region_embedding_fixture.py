#!/usr/bin/env python3
"""Makes the PyTorch fixture of the region embedding: `python3 region_embedding_fixture.py` in this folder.

The baseline of paper section 6: `nn.Embedding(64, 16)` beside the 34 features, then the perceptron with a first
layer of 50 inputs. Values come from the hash that `ghostnet_fixture.py` describes: parameter i of the flat order
(weights of the layers, then the embedding, then biases) is scale * unit(1, i), feature j of [21, 34] is
2 * unit(INPUTS, j), target j of [21, 3] is unit(4, j); sample s is of region 7 s mod 5 and of region 63 for the last.

`region_embedding.json` holds, computed in float64, the mean squared error, its gradient by the embedding and by the
first layer's weights, and the outputs; of each the values at flat positions 0, stride, 2 * stride, ...
"""

import json
import math

import torch
from coordinate_mlp import FEATURES, CoordinateMLP
from ghostnet_fixture import unit
from torch import nn
from torch.nn import functional as F

SAMPLES, OUTPUTS, REGIONS, WIDTH = 21, 3, 64, 16
PARAMETERS, INPUTS, TARGETS = 1, 47, 4


def values(stream, shape, scale=1.0, start=0):
    return (torch.from_numpy(unit(stream, start, math.prod(shape))).double() * scale).reshape(shape)


def main():
    torch.set_num_threads(1)
    embedding = nn.Embedding(REGIONS, WIDTH).double()
    model = CoordinateMLP(OUTPUTS)
    model.layers[0] = nn.Linear(FEATURES + WIDTH, 128)
    model = model.double()
    named = list(model.named_parameters())
    ordered = [p for p in named if p[0].endswith("weight")] + [("embedding.weight", embedding.weight)]
    ordered += [p for p in named if p[0].endswith("bias")]
    parameters, offset = [], 0
    for name, p in ordered:
        scale = 2.0 ** math.floor(math.log2(math.sqrt(6 / p.shape[1]))) if name.startswith("layers") and p.dim() == 2 else 0.25
        with torch.no_grad():
            p.copy_(values(PARAMETERS, p.shape, scale, offset))
        parameters.append({"name": name, "shape": list(p.shape), "offset": offset, "scale": scale})
        offset += p.numel()
    regions = [7 * s % 5 for s in range(SAMPLES - 1)] + [REGIONS - 1]
    x = torch.cat([values(INPUTS, (SAMPLES, FEATURES), 2), embedding(torch.tensor(regions))], dim=1)
    margin = []
    for layer in model.layers[:-1]:
        layer.register_forward_hook(lambda m, i, y: margin.append(y.abs().min().item()))
    outputs = model(x)
    loss = F.mse_loss(outputs, values(TARGETS, (SAMPLES, OUTPUTS)))
    loss.backward()
    print(f"margin {min(margin):.1e}")
    assert min(margin) > 1e-6
    results = {"outputs": outputs.detach(), "embedding.weight": embedding.weight.grad}
    results |= {name: p.grad for name, p in named if name.startswith("layers.0")}
    tensors = []
    for name, value in results.items():
        flat = value.flatten()
        stride = 1 if len(flat) <= 1024 else 131
        tensors.append({"name": name, "stride": stride, "max": flat.abs().max().item(), "values": flat[::stride].tolist()})
    head = {"samples": SAMPLES, "outputs": OUTPUTS, "regions": regions, "loss": loss.item(), "input_scale": 2.0}
    head["streams"] = {"parameters": PARAMETERS, "inputs": INPUTS, "targets": TARGETS}
    with open("region_embedding.json", "w") as file:
        json.dump(head | {"parameters": parameters, "tensors": tensors}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
