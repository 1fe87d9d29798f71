"""The perceptron of an implicit representation (paper section 6) in PyTorch."""

from torch import nn
from torch.nn import functional as F

FEATURES, WIDTH, HIDDEN = 34, 128, 4


class CoordinateMLP(nn.Module):
    def __init__(self, outputs=3):
        super().__init__()
        widths = [FEATURES] + [WIDTH] * HIDDEN + [outputs]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


def is_prunable(name):
    return name.endswith("weight")
