"""A network by recipe in PyTorch, with every kind of layer that a recipe can have. Entry i is the module
`layers.i`; a residual has a `body` and perhaps a `shortcut`, each numbered again."""

from torch import nn
from torch.nn import functional as F


class Residual(nn.Module):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body = nn.Sequential(*body)
        self.shortcut = nn.Sequential(*shortcut) if shortcut else nn.Identity()

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduction):
        super().__init__()
        self.reduce = nn.Conv2d(channels, channels // reduction, 1)
        self.expand = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        s = F.relu(self.reduce(x.mean((2, 3), keepdim=True)))
        return x * (F.relu6(self.expand(s) + 3) / 6)


class GlobalPool(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


def depthwise(channels, kernel, stride=1):
    return nn.Conv2d(channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False)


class Recipe(nn.Module):
    """For images of 3 x 16 x 16."""

    def __init__(self, classes):
        super().__init__()
        bn, relu = nn.BatchNorm2d, nn.ReLU
        self.layers = nn.Sequential(
            conv(3, 16, 3),
            bn(16),
            relu(),
            nn.MaxPool2d(2),
            Residual([depthwise(16, 3), bn(16), relu(), conv(16, 16, 1), bn(16)]),
            relu(),
            Residual([bn(16), relu(), conv(16, 24, 3, 2), bn(24)], [conv(16, 24, 1, 2), bn(24)]),
            SqueezeExcitation(24, 4),
            Residual([Residual([conv(24, 24, 3), relu()]), Residual([depthwise(24, 5)])]),
            conv(24, 16, 5),
            relu(),
            nn.AvgPool2d(2),
            Residual(
                [GlobalPool(), nn.Linear(16, 20), nn.BatchNorm1d(20)],
                [nn.Flatten(), nn.Linear(64, 20)],
            ),
            nn.BatchNorm1d(20),
            relu(),
            nn.Linear(20, 12),
            relu(),
        )
        self.classifier = nn.Linear(12, classes)

    def forward(self, x):
        return self.classifier(self.layers(x))


def is_prunable(name):
    """Matrices and kernels, but for those of squeeze-and-excitation (`layers.7`) and the classifier."""
    parts = name.split(".")
    inside = [p for p in parts if p in ("reduce", "expand", "classifier")]
    return name in PRUNABLE and not inside


PRUNABLE = {name for name, p in Recipe(2).named_parameters() if p.dim() > 1}
