"""GhostNet in PyTorch with the parameter names and layouts of this project's files: truncated as in
Routing the Lottery (arXiv 2601.22141), or whole (arXiv 1911.11907, table 1); its widths multiplied.

    model = GhostNet(10)
    model.load_state_dict(safetensors.torch.load_file("exported/subnetwork-ship.safetensors"))
"""

from torch import cat, nn
from torch.nn import functional as F

BLOCKS = [  # in, expansion, out, kernel, stride, SE
    (16, 16, 16, 3, 1, False),
    (16, 48, 24, 3, 2, False),
    (24, 72, 24, 3, 1, False),
    (24, 72, 40, 5, 2, True),
    (40, 120, 40, 5, 1, True),
    (40, 240, 80, 3, 2, False),
    (80, 200, 80, 3, 1, False),
    (80, 184, 80, 3, 1, False),
    (80, 184, 80, 3, 1, False),
]
FURTHER_BLOCKS = [
    (80, 480, 112, 3, 1, True),
    (112, 672, 112, 3, 1, True),
    (112, 672, 160, 5, 2, True),
    (160, 960, 160, 5, 1, False),
    (160, 960, 160, 5, 1, True),
    (160, 960, 160, 5, 1, False),
    (160, 960, 160, 5, 1, True),
]

kinks = []  # the arguments of every rectifier, while recording is on
recording = False


def kink(x, function, *places):
    """A function with kinks, and its argument's distances from them kept."""
    if recording:
        kinks.append((x.detach().double(), places))
    return function(x)


def scaled(channels, width):
    """A width times the multiplier, to a multiple of four, not less than nine tenths of it."""
    wanted = channels * width
    rounded = max(4, int(wanted + 2) // 4 * 4)
    return rounded + 4 if rounded < 0.9 * wanted else rounded


class ConvBN(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, groups=1, relu=False):
        super().__init__()
        self.conv = nn.Conv2d(
            inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False
        )
        self.bn = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        x = self.bn(self.conv(x))
        return kink(x, F.relu, 0) if self.relu else x


class Ghost(nn.Module):
    def __init__(self, inputs, outputs, relu):
        super().__init__()
        half = (outputs + 1) // 2
        self.outputs = outputs
        self.primary = ConvBN(inputs, half, 1, relu=relu)
        self.cheap = ConvBN(half, half, 3, groups=half, relu=relu)

    def forward(self, x):
        primary = self.primary(x)
        return cat([primary, self.cheap(primary)], 1)[:, : self.outputs]


class SqueezeExcitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        width = max(4, int(channels / 4 + 2) // 4 * 4)
        self.reduce = nn.Conv2d(channels, width, 1)
        self.expand = nn.Conv2d(width, channels, 1)

    def forward(self, x):
        s = kink(self.reduce(x.mean((2, 3), keepdim=True)), F.relu, 0)
        return x * (kink(self.expand(s) + 3, F.relu6, 0, 6) / 6)


class Shortcut(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride):
        super().__init__()
        self.depthwise = ConvBN(inputs, inputs, kernel, stride, groups=inputs)
        self.pointwise = ConvBN(inputs, outputs, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Bottleneck(nn.Module):
    def __init__(self, inputs, expansion, outputs, kernel, stride, se):
        super().__init__()
        self.ghost1 = Ghost(inputs, expansion, relu=True)
        self.depthwise = (
            ConvBN(expansion, expansion, kernel, stride, groups=expansion) if stride == 2 else None
        )
        self.se = SqueezeExcitation(expansion) if se else None
        self.ghost2 = Ghost(expansion, outputs, relu=False)
        same = stride == 1 and inputs == outputs
        self.shortcut = None if same else Shortcut(inputs, outputs, kernel, stride)

    def forward(self, x):
        y = self.ghost1(x)
        if self.depthwise is not None:
            y = self.depthwise(y)
        if self.se is not None:
            y = self.se(y)
        return self.ghost2(y) + (x if self.shortcut is None else self.shortcut(x))


class Head(nn.Module):
    def __init__(self, inputs, expansion, outputs):
        super().__init__()
        self.expand = ConvBN(inputs, expansion, 1, relu=True)
        self.project = nn.Conv2d(expansion, outputs, 1, bias=False)

    def forward(self, x):
        x = self.expand(x).mean((2, 3), keepdim=True)
        return kink(self.project(x), F.relu, 0).flatten(1)


class GhostNet(nn.Module):
    def __init__(self, classes, full=False, width=1.0):
        super().__init__()
        rows = [
            (scaled(i, width), scaled(e, width), scaled(o, width), *rest)
            for i, e, o, *rest in BLOCKS + (FURTHER_BLOCKS if full else [])
        ]
        hidden = 1280 if full else 128
        self.stem = ConvBN(3, rows[0][0], 3, 2, relu=True)
        self.blocks = nn.Sequential(*[Bottleneck(*row) for row in rows])
        self.head = Head(rows[-1][2], scaled(960 if full else 184, width), hidden)
        self.classifier = nn.Linear(hidden, classes)

    def forward(self, x):
        return self.classifier(self.head(self.blocks(self.stem(x))))


def is_prunable(name):
    return name.endswith(".weight") and (".conv." in name or name == "head.project.weight")
