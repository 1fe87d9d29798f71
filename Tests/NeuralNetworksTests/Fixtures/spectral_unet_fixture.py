#!/usr/bin/env python3
"""Makes the PyTorch fixture of speech enhancement: `python3 spectral_unet_fixture.py` in this folder.

Values come from the hash that `ghostnet_fixture.py` describes: parameter i of the flat order (prunable ones in
module order, then the others) is base + scale * unit(PARAMETERS, i); sample j of the noisy sounds [2, 345] is
unit(NOISY, j), of the clean ones 0.5 * unit(CLEAN, j) + 0.5 * noisy; value j of other spectra [2, frames, bins]
is unit(SPECTRA, j), of other outputs [2, 2, frames, bins] it is 2 * unit(OUTPUTS, j); mask bit p is
hash(MASK, p) >> 63. Windows of 64 samples, 16 apart, Hann, zeros beyond the ends.

`spectral_unet.json` holds, computed in float64:
- stft: of the first noisy sound, and the gradient of its dot product with the other spectra by the sound;
- istft: of the other spectra, and the gradient of its dot product with the first noisy sound by the spectra;
- wsdr: loss and gradient of the first clean sound's estimate, the second noisy sound;
- mask.unbounded, mask.bounded: loss of the other outputs as masks of both sounds, and the gradient by them;
- network: spectra -> U-Net -> unbounded mask -> inverse -> mean weighted SDR of both sounds; its outputs, its
  gradients, the running statistics after the pass; the losses before each of three masked Adam steps.
Of every tensor the values at flat positions 0, stride, 2 * stride, ... and the largest magnitude of all are kept.
"""

import json
import math

import torch
from ghostnet_fixture import hash64, unit
from spectral_unet import SpectralUNet, is_prunable

WINDOW, HOP, SOUNDS, SAMPLES, STEPS, LEARNING_RATE = 64, 16, 2, 345, 3, 1e-3
PARAMETERS, MASK, NOISY, CLEAN, SPECTRA, OUTPUTS = 1, 2, 71, 72, 73, 74
FRAMES, BINS = 1 + SAMPLES // HOP, WINDOW // 2 + 1
D = torch.float64
HANN = torch.hann_window(WINDOW, periodic=True, dtype=D)


def values(stream, shape, scale=1.0, start=0):
    count = math.prod(shape)
    return (torch.from_numpy(unit(stream, start, count)).to(D) * scale).reshape(shape)


def stft(x):
    y = torch.stft(
        x, WINDOW, HOP, WINDOW, HANN, center=True, pad_mode="constant", return_complex=True
    ).transpose(-1, -2)
    return torch.stack([y.real, y.imag], -3)


def istft(y):
    y = torch.complex(y.select(-3, 0), y.select(-3, 1)).transpose(-1, -2)
    return torch.istft(y, WINDOW, HOP, WINDOW, HANN, center=True, length=SAMPLES)


def wsdr(x, y, e):
    """Of each sound."""
    z, d = x - y, x - e
    share = (y * y).sum(-1) / ((y * y).sum(-1) + (z * z).sum(-1))

    def cosine(a, b):
        return (a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1))

    return -share * cosine(y, e) - (1 - share) * cosine(z, d)


def bounded(o):
    length = o.norm(dim=1, keepdim=True)
    return o * torch.tanh(length) / length


def masked(m, x):
    a, b, c, d = m[:, 0], m[:, 1], x[:, 0], x[:, 1]
    return torch.stack([a * c - b * d, a * d + b * c], 1)


def si_snr(e, y):
    e, y = e - e.mean(), y - y.mean()
    s = (e @ y) / (y @ y) * y
    return (10 * torch.log10((s @ s) / ((e - s) @ (e - s)))).item()


def flat_order(model):
    named = list(model.named_parameters())
    ordered = [p for p in named if is_prunable(p[0])] + [p for p in named if not is_prunable(p[0])]
    offset = 0
    for name, p in ordered:
        yield name, p, offset
        offset += p.numel()


def scale_and_base(name, p):
    if is_prunable(name):
        return 2.0 ** math.floor(math.log2(math.sqrt(6 / (p.shape[1] * p.shape[2] * p.shape[3])))), 0
    return 0.25, 1 if name.endswith("bn.weight") else 0


def main():
    torch.set_num_threads(1)
    noisy = values(NOISY, (SOUNDS, SAMPLES))
    clean = 0.5 * values(CLEAN, (SOUNDS, SAMPLES)) + 0.5 * noisy
    results, losses = {}, {}

    x = noisy[0].clone().requires_grad_()
    spectra = values(SPECTRA, (2, FRAMES, BINS)).requires_grad_()
    results["stft"] = stft(x)
    (results["stft"] * spectra.detach()).sum().backward()
    results["stft.gradient"] = x.grad
    results["istft"] = istft(spectra)
    (results["istft"] * noisy[0]).sum().backward()
    results["istft.gradient"] = spectra.grad

    e = noisy[1].clone().requires_grad_()
    loss = wsdr(noisy[0], clean[0], e)
    loss.backward()
    losses["wsdr"], results["wsdr.gradient"] = loss.item(), e.grad
    losses["si_snr"] = si_snr(noisy[0], clean[0])

    for kind, bound in [("unbounded", lambda o: o), ("bounded", bounded)]:
        o = values(OUTPUTS, (SOUNDS, 2, FRAMES, BINS), 2).requires_grad_()
        loss = wsdr(noisy, clean, istft(masked(bound(o), stft(noisy)))).mean()
        loss.backward()
        losses[f"mask.{kind}"], results[f"mask.{kind}.gradient"] = loss.item(), o.grad

    model = SpectralUNet().to(D)
    parameters = list(flat_order(model))
    with torch.no_grad():
        for name, p, offset in parameters:
            scale, base = scale_and_base(name, p)
            p.copy_(values(PARAMETERS, p.shape, scale, offset) + base)

    def network_loss():
        outputs = model(stft(noisy))
        return outputs, wsdr(noisy, clean, istft(masked(outputs, stft(noisy)))).mean()

    outputs, loss = network_loss()
    loss.backward()
    losses["network"], results["outputs"] = loss.item(), outputs
    results |= {f"gradient.{name}": p.grad.clone() for name, p, _ in parameters}
    for name, buffer in model.named_buffers():
        if "running" in name:
            results[name] = buffer.clone()

    prunable = sum(p.numel() for name, p, _ in parameters if is_prunable(name))
    bits = torch.from_numpy((hash64(MASK, 0, prunable) >> 63).astype("int64"))
    masks = {
        name: bits[offset : offset + p.numel()].reshape(p.shape).to(D)
        for name, p, offset in parameters
        if is_prunable(name)
    }
    with torch.no_grad():
        for name, p, _ in parameters:
            if name in masks:
                p.mul_(masks[name])
    adam = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    steps = []
    for _ in range(STEPS):
        adam.zero_grad()
        _, loss = network_loss()
        steps.append(loss.item())
        loss.backward()
        for name, p, _ in parameters:
            if name in masks:
                p.grad.mul_(masks[name])
        adam.step()

    tensors = []
    for name, value in results.items():
        flat = value.detach().flatten()
        stride = next(s for s in [1, 7, 89, 347] if len(flat) <= s * 96)
        tensors.append(
            {"name": name, "shape": list(value.shape), "stride": stride, "max": flat.abs().max().item(),
             "values": flat[::stride].tolist()}
        )
    head = {
        "torch": torch.__version__, "window": WINDOW, "hop": HOP, "sounds": SOUNDS, "samples": SAMPLES,
        "learning_rate": LEARNING_RATE, "prunable": prunable, "mask_ones": int(bits.sum()),
        "streams": {"parameters": PARAMETERS, "mask": MASK, "noisy": NOISY, "clean": CLEAN,
                    "spectra": SPECTRA, "outputs": OUTPUTS},
        "losses": losses, "steps": steps,
    }
    rows = []
    for name, p, offset in parameters:
        scale, base = scale_and_base(name, p)
        rows.append({"name": name, "shape": list(p.shape), "offset": offset, "scale": scale, "base": base})
    with open("spectral_unet.json", "w") as file:
        lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
        for key, table in [("parameters", rows), ("tensors", tensors)]:
            lines.append(f' "{key}": [\n' + ",\n".join("  " + json.dumps(r) for r in table) + "\n ]")
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    print(prunable, losses, steps)


if __name__ == "__main__":
    main()
