"""The truncated GhostNet of Routing the Lottery (arXiv 2601.22141), in PyTorch, with the parameter
names and layouts of this project's files.

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

kinks = []  # the arguments of every rectifier, while recording is on
recording = False


def kink(x, function, *places):
    """A function with kinks, and its argument's distances from them kept."""
    if recording:
        kinks.append((x.detach().double(), places))
    return function(x)


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
        width = int(channels / 4 + 2) // 4 * 4
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
    def __init__(self):
        super().__init__()
        self.expand = ConvBN(80, 184, 1, relu=True)
        self.project = nn.Conv2d(184, 128, 1, bias=False)

    def forward(self, x):
        x = self.expand(x).mean((2, 3), keepdim=True)
        return kink(self.project(x), F.relu, 0).flatten(1)


class GhostNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = ConvBN(3, 16, 3, 2, relu=True)
        self.blocks = nn.Sequential(*[Bottleneck(*row) for row in BLOCKS])
        self.head = Head()
        self.classifier = nn.Linear(128, classes)

    def forward(self, x):
        return self.classifier(self.head(self.blocks(self.stem(x))))


def is_prunable(name):
    return name.endswith(".weight") and (".conv." in name or name == "head.project.weight")
