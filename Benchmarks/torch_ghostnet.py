"""Many truncated GhostNets (paper §5) side by side in PyTorch: the network of `torch_method.py`.

M models of one shape, each with its own weights, batch and batch-norm statistics, are computed together: a GPU
has nothing to do with one model of 1.3 M multiply-adds. A model's batch lies in equal chunks, so that
activations are [M * chunks, channels, samples of a chunk * pixels]:

  pointwise convolutions   batched matrix products; a weight's gradient is the sum over the model's chunks
  depthwise convolutions, batch norm   on CUDA one Triton kernel each, a program per row (chunk and channel);
                           elsewhere plain PyTorch, which is also what the kernels are compared with
  the stem                 a matrix product with the images' unfolded 3 x 3 patches [27, 256]

All of it is float32, without TF32. Names and shapes of the parameters are PyTorch's.
"""

import math

import torch
from torch.nn import functional as F

try:
    import triton
    import triton.language as tl
except ImportError:
    triton = None

BLOCKS = [  # in, expansion, out, kernel, stride, squeeze-and-excitation
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
EPSILON, MOMENTUM = 1e-5, 0.1
USE_KERNELS = triton is not None and torch.cuda.is_available()


# MARK: Parameters


class Layout:
    """Where each parameter is in a model's flat vector: the prunable ones first."""

    def __init__(self, outputs=10):
        prunable, others, self.norms = [], [], {}

        def conv_bn(name, *shape):
            prunable.append((f"{name}.conv.weight", shape))
            others.extend([(f"{name}.bn.weight", shape[:1]), (f"{name}.bn.bias", shape[:1])])
            self.norms[name] = (sum(n for _, n in self.norms.values()), shape[0])

        def ghost(name, inputs, outputs):
            conv_bn(f"{name}.primary", outputs // 2, inputs)
            conv_bn(f"{name}.cheap", outputs // 2, 1, 3, 3)

        conv_bn("stem", 16, 27)
        for i, (inputs, expansion, outs, kernel, stride, squeezes) in enumerate(BLOCKS):
            block = f"blocks.{i}"
            ghost(f"{block}.ghost1", inputs, expansion)
            if stride == 2:
                conv_bn(f"{block}.depthwise", expansion, 1, kernel, kernel)
            if squeezes:
                width = (expansion // 4 + 2) // 4 * 4
                others += [(f"{block}.se.reduce.weight", (width, expansion))]
                others += [(f"{block}.se.reduce.bias", (width,))]
                others += [(f"{block}.se.expand.weight", (expansion, width))]
                others += [(f"{block}.se.expand.bias", (expansion,))]
            ghost(f"{block}.ghost2", expansion, outs)
            if stride == 2 or inputs != outs:
                conv_bn(f"{block}.shortcut.depthwise", inputs, 1, kernel, kernel)
                conv_bn(f"{block}.shortcut.pointwise", outs, inputs)
        conv_bn("head.expand", 184, 80)
        prunable.append(("head.project.weight", (128, 184)))
        others += [("classifier.weight", (outputs, 128)), ("classifier.bias", (outputs,))]
        self.slices = prunable + others
        self.sizes = [math.prod(shape) for _, shape in self.slices]
        self.layers = self.sizes[: len(prunable)]
        self.prunable, self.count = sum(self.layers), sum(self.sizes)
        self.statistics = sum(n for _, n in self.norms.values())
        self.outputs = outputs
        assert self.prunable == 125_832 and self.count == 141_404 + 129 * outputs

    def initial(self, generator):
        """θ₀: weights uniform within ±1/√fan-in (PyTorch's kaiming_uniform with a = √5), batch norms the identity,
        biases of squeeze-and-excitation zero, the classifier's like its weights."""
        parts = []
        for (name, shape), size in zip(self.slices, self.sizes):
            if ".bn." in name or ".se." in name and name.endswith("bias"):
                parts.append(torch.full((size,), float(name.endswith("weight"))))
            else:
                bound = 1 / math.sqrt(128 if name.startswith("classifier") else math.prod(shape[1:]))
                parts.append(bound * (2 * torch.rand(size, generator=generator) - 1))
        return torch.cat(parts)

    def split(self, flat):
        """[M, count] -> name: [M, shape]; one operation for autograd."""
        parts = flat.split(self.sizes, dim=1)
        return {name: p.view(-1, *shape) for (name, shape), p in zip(self.slices, parts)}

    def fresh_statistics(self, *leading, device):
        """Running means (0) and variances (1): [..., 2, statistics]."""
        fresh = torch.zeros(*leading, 2, self.statistics, device=device)
        fresh[..., 1, :] = 1
        return fresh


# MARK: Triton kernels; a row is one channel of one chunk, its values contiguous

if triton is not None:

    @triton.jit
    def row_moments(x, means, squares, L, BLOCK: tl.constexpr):
        row = tl.program_id(0)
        x += row.to(tl.int64) * L
        total = tl.zeros([BLOCK], tl.float32)
        for i in range(0, L, BLOCK):
            o = i + tl.arange(0, BLOCK)
            total += tl.load(x + o, mask=o < L, other=0.0)
        mean = tl.sum(total, 0) / L
        total = tl.zeros([BLOCK], tl.float32)
        for i in range(0, L, BLOCK):
            o = i + tl.arange(0, BLOCK)
            d = tl.where(o < L, tl.load(x + o, mask=o < L, other=0.0) - mean, 0.0)
            total += d * d
        tl.store(means + row, mean)
        tl.store(squares + row, tl.sum(total, 0))

    @triton.jit
    def merge_moments(
        means, squares, running, mean, rstd, C, chunks, L, stride, statistics,
        epsilon, momentum, CHUNKS: tl.constexpr,
    ):  # fmt: skip
        model, c = tl.program_id(0) // C, tl.program_id(0) % C
        j = tl.arange(0, CHUNKS)
        rows = (model * chunks + j) * C + c
        part = tl.load(means + rows, mask=j < chunks, other=0.0)
        mu = tl.sum(part, 0) / chunks
        apart = tl.load(squares + rows, mask=j < chunks, other=0.0) + L * (part - mu) * (part - mu)
        square = tl.sum(tl.where(j < chunks, apart, 0.0), 0)
        n = chunks * L
        tl.store(mean + tl.program_id(0), mu)
        tl.store(rstd + tl.program_id(0), 1 / tl.sqrt(square / n + epsilon))
        at = running + model * stride + c
        tl.store(at, tl.load(at) * (1 - momentum) + mu * momentum)
        at += statistics
        tl.store(at, tl.load(at) * (1 - momentum) + square / (n - 1) * momentum)

    @triton.jit
    def normalize(
        x, out, mean, rstd, gamma, beta, stride, C, chunks, L, RELU: tl.constexpr, BLOCK: tl.constexpr
    ):
        row = tl.program_id(0)
        c, model = row % C, row // C // chunks
        at, weight = model * C + c, model * stride + c
        mu = tl.load(mean + at)
        scale = tl.load(rstd + at) * tl.load(gamma + weight)
        shift = tl.load(beta + weight)
        x += row.to(tl.int64) * L
        out += row.to(tl.int64) * L
        for i in range(0, L, BLOCK):
            o = i + tl.arange(0, BLOCK)
            z = (tl.load(x + o, mask=o < L) - mu) * scale + shift
            tl.store(out + o, tl.maximum(z, 0.0) if RELU else z, mask=o < L)

    @triton.jit
    def norm_gradient_sums(
        x, g, g_stride, mean, rstd, gamma, beta, sums, rows, stride, C, chunks, L,
        RELU: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0)
        c, model = row % C, row // C // chunks
        at, weight = model * C + c, model * stride + c
        mu, r = tl.load(mean + at), tl.load(rstd + at)
        scale, shift = tl.load(gamma + weight), tl.load(beta + weight)
        x += row.to(tl.int64) * L
        g += (row // C).to(tl.int64) * g_stride + c * L
        total = tl.zeros([BLOCK], tl.float32)
        product = tl.zeros([BLOCK], tl.float32)
        for i in range(0, L, BLOCK):
            o = i + tl.arange(0, BLOCK)
            v = tl.load(x + o, mask=o < L, other=0.0) - mu
            d = tl.load(g + o, mask=o < L, other=0.0)
            if RELU:
                d = tl.where(v * (r * scale) + shift > 0, d, 0.0)
            total += d
            product += d * (v * r)
        tl.store(sums + row, tl.sum(total, 0))
        tl.store(sums + rows + row, tl.sum(product, 0))

    @triton.jit
    def norm_gradient(
        x, g, g_stride, out, mean, rstd, gamma, beta, sums, models, stride, C, chunks, L,
        RELU: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0)
        c, model = row % C, row // C // chunks
        at, weight = model * C + c, model * stride + c
        mu, r = tl.load(mean + at), tl.load(rstd + at)
        scale, shift = tl.load(gamma + weight), tl.load(beta + weight)
        n = chunks * L
        total = tl.load(sums + at) / n
        product = tl.load(sums + models * C + at) / n
        x += row.to(tl.int64) * L
        out += row.to(tl.int64) * L
        g += (row // C).to(tl.int64) * g_stride + c * L
        for i in range(0, L, BLOCK):
            o = i + tl.arange(0, BLOCK)
            v = tl.load(x + o, mask=o < L, other=0.0) - mu
            d = tl.load(g + o, mask=o < L, other=0.0)
            if RELU:
                d = tl.where(v * (r * scale) + shift > 0, d, 0.0)
            tl.store(out + o, r * scale * (d - total - v * r * product), mask=o < L)

    @triton.jit
    def depthwise_forward(
        x, w, y, stride, C, chunks, n,
        H: tl.constexpr, O: tl.constexpr, K: tl.constexpr, S: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0)
        w += row // C // chunks * stride + row % C * (K * K)
        x += row.to(tl.int64) * (n * H * H)
        y += row.to(tl.int64) * (n * O * O)
        for i in range(0, n * O * O, BLOCK):
            o = i + tl.arange(0, BLOCK)
            b, p, q = o // (O * O), o // O % O, o % O
            total = tl.zeros([BLOCK], tl.float32)
            for t in tl.static_range(K * K):
                u, v = p * S + t // K - K // 2, q * S + t % K - K // 2
                inside = (b < n) & (((u | v) & ~(H - 1)) == 0)  # H is a power of two
                total += tl.load(x + b * H * H + u * H + v, mask=inside, other=0.0) * tl.load(w + t)
            tl.store(y + o, total, mask=b < n)

    @triton.jit
    def depthwise_input(
        g, w, out, stride, C, chunks, n,
        H: tl.constexpr, O: tl.constexpr, K: tl.constexpr, S: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0)
        w += row // C // chunks * stride + row % C * (K * K)
        out += row.to(tl.int64) * (n * H * H)
        g += row.to(tl.int64) * (n * O * O)
        for i in range(0, n * H * H, BLOCK):
            o = i + tl.arange(0, BLOCK)
            b, p, q = o // (H * H), o // H % H, o % H
            total = tl.zeros([BLOCK], tl.float32)
            for t in tl.static_range(K * K):
                u, v = p + K // 2 - t // K, q + K // 2 - t % K  # S times the output's place
                inside = (b < n) & (((u | v) & (~(H - 1) | (S - 1))) == 0)
                at = g + b * O * O + u // S * O + v // S
                total += tl.load(at, mask=inside, other=0.0) * tl.load(w + t)
            tl.store(out + o, total, mask=b < n)

    @triton.jit
    def depthwise_weight(
        x, g, out, n,
        H: tl.constexpr, O: tl.constexpr, K: tl.constexpr, S: tl.constexpr,
        TAPS: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0)
        x += row.to(tl.int64) * (n * H * H)
        g += row.to(tl.int64) * (n * O * O)
        t = tl.arange(0, TAPS)
        down = tl.where(t < K * K, t // K - K // 2, 4 * H)[None, :]
        right = (t % K - K // 2)[None, :]
        total = tl.zeros([BLOCK, TAPS], tl.float32)
        for i in range(0, n * O * O, BLOCK):
            o = i + tl.arange(0, BLOCK)
            b, p, q = o // (O * O), o // O % O, o % O
            d = tl.load(g + o, mask=b < n, other=0.0)
            u = tl.where(b < n, p * S, 4 * H)[:, None] + down
            v = (q * S)[:, None] + right
            at = x + (b * (H * H))[:, None] + u * H + v
            inside = ((u | v) & ~(H - 1)) == 0  # H is a power of two
            total += tl.load(at, mask=inside, other=0.0) * d[:, None]
        tl.store(out + row * (K * K) + t, tl.sum(total, 0), mask=t < K * K)


def block_for(length, most=1024):
    return min(most, triton.next_power_of_2(length))


# MARK: The operations, x as [M * chunks, C, n * pixels]


class KernelNorm(torch.autograd.Function):
    """Batch norm in training mode, with ReLU if asked; moves the running statistics."""

    @staticmethod
    def forward(x, gamma, beta, running, relu):
        B, C, L = x.shape
        M = gamma.shape[0]
        chunks, block = B // M, block_for(L)
        parts = x.new_empty(2, B * C)
        mean, rstd, out = x.new_empty(M, C), x.new_empty(M, C), torch.empty_like(x)
        row_moments[(B * C,)](x, parts[0], parts[1], L, BLOCK=block)
        merge_moments[(M * C,)](
            parts[0], parts[1], running, mean, rstd, C, chunks, L, running.stride(0),
            running.stride(1), EPSILON, MOMENTUM, CHUNKS=triton.next_power_of_2(chunks),
        )  # fmt: skip
        stride = gamma.stride(0)
        normalize[(B * C,)](
            x, out, mean, rstd, gamma, beta, stride, C, chunks, L, RELU=relu, BLOCK=block
        )
        return out, mean, rstd

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, gamma, beta, _, ctx.relu = inputs
        ctx.save_for_backward(x, gamma, beta, *output[1:])
        ctx.mark_non_differentiable(*output[1:])

    @staticmethod
    def backward(ctx, g, *_):
        x, gamma, beta, mean, rstd = ctx.saved_tensors
        B, C, L = x.shape
        M, stride = gamma.shape[0], gamma.stride(0)
        if g.stride()[1:] != (L, 1):
            g = g.contiguous()
        chunks, block = B // M, block_for(L)
        sums, out = x.new_empty(2, B * C), torch.empty_like(x)
        norm_gradient_sums[(B * C,)](
            x, g, g.stride(0), mean, rstd, gamma, beta, sums, B * C, stride, C, chunks, L,
            RELU=ctx.relu, BLOCK=block,
        )  # fmt: skip
        sums = sums.view(2, M, chunks, C).sum(2)
        norm_gradient[(B * C,)](
            x, g, g.stride(0), out, mean, rstd, gamma, beta, sums, M, stride, C, chunks, L,
            RELU=ctx.relu, BLOCK=block,
        )  # fmt: skip
        return out, sums[1], sums[0], None, None


class KernelDepthwise(torch.autograd.Function):
    """A depthwise convolution of square images; w is [M, C, 1, K, K]."""

    @staticmethod
    def forward(x, w, n, stride):
        B, C, L = x.shape
        H, K, chunks = math.isqrt(L // n), w.shape[-1], B // w.shape[0]
        O = H // stride
        y = x.new_empty(B, C, n * O * O)
        depthwise_forward[(B * C,)](
            x, w, y, w.stride(0), C, chunks, n, H=H, O=O, K=K, S=stride, BLOCK=block_for(n * O * O, 512)
        )
        return y

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs[:2])
        ctx.n, ctx.stride = inputs[2:]

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        g, n, S = g.contiguous(), ctx.n, ctx.stride
        B, C, L = x.shape
        H, K, chunks = math.isqrt(L // n), w.shape[-1], B // w.shape[0]
        O = H // S
        out, partial = torch.empty_like(x), x.new_empty(B, C, 1, K, K)
        depthwise_input[(B * C,)](
            g, w, out, w.stride(0), C, chunks, n, H=H, O=O, K=K, S=S, BLOCK=block_for(L, 512)
        )
        depthwise_weight[(B * C,)](
            x, g, partial, n, H=H, O=O, K=K, S=S,
            TAPS=triton.next_power_of_2(K * K), BLOCK=block_for(n * O * O, 128),
        )  # fmt: skip
        return out, partial.view(-1, chunks, *partial.shape[1:]).sum(1), None, None


def batch_norm(x, gamma, beta, running, relu, training):
    B, C, L = x.shape
    M = gamma.shape[0]
    if training and USE_KERNELS:
        return KernelNorm.apply(x, gamma, beta, running, relu)[0]
    x = x.view(M, B // M, C, L)
    if training:
        variance, mean = torch.var_mean(x, dim=(1, 3), correction=0)
        n = B // M * L
        with torch.no_grad():
            running[:, 0].lerp_(mean, MOMENTUM)
            running[:, 1].lerp_(variance * n / (n - 1), MOMENTUM)
    else:
        mean, variance = running[:, 0], running[:, 1]
    scale = gamma / (variance + EPSILON).sqrt()
    y = (x - mean[:, None, :, None]) * scale[:, None, :, None] + beta[:, None, :, None]
    return (y.relu() if relu else y).view(B, C, L)


def depthwise(x, w, n, stride):
    if USE_KERNELS:
        return KernelDepthwise.apply(x, w, n, stride)
    B, C, L = x.shape
    H, K = math.isqrt(L // n), w.shape[-1]
    planes = x.view(B * C, n, H, H).transpose(0, 1)
    weights = w.repeat_interleave(B // w.shape[0], 0).reshape(B * C, 1, K, K)
    y = F.conv2d(planes, weights, None, stride, K // 2, groups=B * C)
    return y.transpose(0, 1).reshape(B, C, -1)


def forward(layout, flat, x, running, training):
    """Logits [M * chunks, outputs, n] of models with weights [M, count] for patches [M * chunks, 27, n * 256].

    Args: running: [M, 2, statistics]; moved in training, used otherwise.
    """
    p = layout.split(flat)
    M, B, n = flat.shape[0], x.shape[0], x.shape[2] // 256

    def product(w, x):
        if B != M:
            w = w.unsqueeze(1).expand(M, B // M, *w.shape[1:]).reshape(B, *w.shape[1:])
        return torch.bmm(w, x)

    def spread(bias):
        return bias.repeat_interleave(B // M, 0).unsqueeze(2)

    def conv_bn(name, x, relu=False, stride=1):
        w = p[f"{name}.conv.weight"]
        x = product(w, x) if w.dim() == 3 else depthwise(x, w, n, stride)
        start, width = layout.norms[name]
        statistics = running[:, :, start : start + width]
        gamma, beta = p[f"{name}.bn.weight"], p[f"{name}.bn.bias"]
        return batch_norm(x, gamma, beta, statistics, relu, training)

    def ghost(name, x, relu):
        primary = conv_bn(f"{name}.primary", x, relu)
        return torch.cat([primary, conv_bn(f"{name}.cheap", primary, relu)], 1)

    x = conv_bn("stem", x, relu=True)
    for i, (inputs, expansion, outs, _, stride, squeezes) in enumerate(BLOCKS):
        block = f"blocks.{i}"
        y = ghost(f"{block}.ghost1", x, relu=True)
        if stride == 2:
            y = conv_bn(f"{block}.depthwise", y, stride=2)
        if squeezes:
            planes = y.view(B, expansion, n, -1)
            s = planes.mean(3)
            s = product(p[f"{block}.se.reduce.weight"], s) + spread(p[f"{block}.se.reduce.bias"])
            s = product(p[f"{block}.se.expand.weight"], s.relu()) + spread(p[f"{block}.se.expand.bias"])
            y = (planes * F.hardsigmoid(s).unsqueeze(3)).view_as(y)
        y = ghost(f"{block}.ghost2", y, relu=False)
        if stride == 2 or inputs != outs:
            x = conv_bn(f"{block}.shortcut.depthwise", x, stride=stride)
            x = conv_bn(f"{block}.shortcut.pointwise", x)
        x = y + x
    x = conv_bn("head.expand", x, relu=True).view(B, 184, n, -1).mean(3)
    x = product(p["head.project.weight"], x).relu()
    return product(p["classifier.weight"], x) + spread(p["classifier.bias"])
