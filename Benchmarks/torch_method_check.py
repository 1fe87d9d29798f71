"""Checks of `torch_method.py`: its many models at once against single modules of plain PyTorch.

    python3 Benchmarks/torch_method.py --check

Needs no data. On CUDA it compares the Triton kernels with plain operations, too. It ends with an assertion error
where something does not agree.
"""

import argparse
import pathlib
import sys

import torch
from torch.nn import functional as F

import torch_ghostnet as ghostnet
import torch_method as method

FIXTURES = pathlib.Path(__file__).parent.parent / "Tests" / "NeuralNetworksTests" / "Fixtures"


def random_images(device, count=400):
    """Labelled noise in the place of CIFAR-10."""
    images = method.Images.__new__(method.Images)
    images.pixels = torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(7)).to(device)
    images.train = F.unfold(images.pixels, 3, padding=1, stride=2)
    images.labels = torch.arange(count, device=device) % method.CLASSES
    images.test, images.test_labels = images.train[:80], images.labels[:80]
    order = torch.arange(count, device=device)
    classes = range(method.CLASSES)
    images.members = torch.stack([order[images.labels == c] for c in classes])
    images.others = torch.stack([order[images.labels != c] for c in classes])
    return images


def load(layout, flat, module):
    """A model's vector into the module that docs and fixtures use."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(layout.split(flat[None])[name].reshape(parameter.shape))


def unload(layout, module):
    parameters = dict(module.named_parameters())
    return torch.cat([parameters[name].detach().reshape(-1) for name, _ in layout.slices])


def largest(a, b):
    return (a - b).abs().max().item()


def settings(chunk):
    return argparse.Namespace(chunk=chunk, rate=1e-3, batch=80)


def check_against_modules(device, steps=4):
    """Three masked models side by side, and one after the other as modules with PyTorch's Adam."""
    from ghostnet import GhostNet

    images, layout = random_images(device), ghostnet.Layout()
    generator = torch.Generator().manual_seed(3)
    theta = torch.stack([layout.initial(generator) for _ in range(3)])
    theta = theta + 0.1 * torch.randn(theta.shape, generator=generator)  # biases and norms, too
    theta = theta.to(device)
    masks = (torch.rand(3, layout.prunable, generator=generator) < 0.6).to(device)
    subsets = torch.tensor([0, 3, 9], device=device)
    active = method.expand(layout, masks, subsets)
    trainer = method.Trainer(layout, images, 3, settings(40))
    exact = not ghostnet.USE_KERNELS  # in float32 Adam's first steps blow rounding up
    if exact:
        images.train, images.test = images.train.double(), images.test.double()
        for name in ["theta", "active", "first", "second", "running", "unit"]:
            setattr(trainer, name, getattr(trainer, name).double())
    for size in [80, 40]:
        trainer.prepare(size)
    trainer.begin(theta, active, subsets)
    batches = [torch.stack([torch.randperm(400, generator=generator)[:80] for _ in range(3)])]
    batches += [torch.stack([torch.randperm(400, generator=generator)[:40] for _ in range(3)])]
    batches = [batches[i % 2].to(device) for i in range(steps)]
    for t, index in enumerate(batches, 1):
        trainer.step(index, t)
    outside = active == 0
    assert torch.equal(trainer.theta[outside].float(), theta[outside]), "a weight outside its mask moved"
    assert not trainer.first[outside].any() and not trainer.second[outside].any()
    logits = trainer.logits(trainer.theta, trainer.active, trainer.running)
    for m in range(3):
        # Pruned weights are zero in the module, and zero after every step.
        module = GhostNet(layout.outputs).to(device).double().train()
        load(layout, (theta[m] * active[m]).double(), module)
        adam = torch.optim.Adam(module.parameters(), 1e-3)
        parts = layout.split(active[m][None].double())
        for index in batches:
            size = index.shape[1]
            labels = (torch.arange(size, device=device) < size // 2).double()
            outputs = module(images.pixels[index[m]].double())[:, subsets[m]]
            adam.zero_grad()
            F.binary_cross_entropy_with_logits(outputs, labels).backward()
            for name, parameter in module.named_parameters():
                parameter.grad *= parts[name].reshape(parameter.shape)
            adam.step()
        ours, theirs = trainer.theta[m] * active[m], unload(layout, module)
        far = ((ours - theirs).abs() > 1e-4).float().mean().item()
        typical = (ours - theirs).abs().median().item()
        with torch.no_grad():
            wanted = module.eval()(images.pixels[:80].double())[:, subsets[m]]
        off = largest(logits[m, :, subsets[m]], wanted)
        norms = dict(module.named_buffers())
        moved = 0.0
        for name, (start, width) in layout.norms.items():
            ours = trainer.running[m, :, start : start + width]
            for i, kind in enumerate(["running_mean", "running_var"]):
                value = norms[f"{name}.bn.{kind}"]
                moved = max(moved, largest(ours[i], value) / (1 + value.abs().max().item()))
        print(
            f"model {m}: after {steps} steps of 1e-3 the median weight differs by {typical:.1e}, "
            f"{far:.2%} by more than 1e-4, logits by {off:.1e}, running statistics by {moved:.1e}"
        )
        limit = 1e-6 if exact else 5e-3
        assert typical < limit / 10 and off < 4 * limit and moved < limit
        assert far < (1e-4 if exact else 0.3)


def check_forward_and_gradient(device):
    """One pass of one dense model against the module, without Adam between."""
    from ghostnet import GhostNet

    layout = ghostnet.Layout()
    generator = torch.Generator().manual_seed(5)
    theta = layout.initial(generator)
    theta += 0.1 * torch.randn(theta.shape, generator=generator)
    theta = theta if device.type == "cuda" else theta.double()  # float32 flips a few rectifiers
    pixels = torch.randn(80, 3, 32, 32, generator=generator).to(theta.dtype)
    patches = F.unfold(pixels, 3, padding=1, stride=2)
    x = patches.view(4, 20, 27, 256).transpose(1, 2).reshape(4, 27, -1).to(device)
    flat = theta[None].to(device).requires_grad_()
    running = layout.fresh_statistics(1, device=device).to(flat.dtype)
    logits = ghostnet.forward(layout, flat, x, running, training=True)
    logits = logits.transpose(1, 2).reshape(80, -1)
    weight = torch.randn(logits.shape, generator=generator).to(theta.dtype)
    gradient = torch.autograd.grad((logits * weight.to(device)).sum(), flat)[0][0].cpu()
    module = GhostNet(layout.outputs).double().train()
    load(layout, theta.double(), module)
    wanted = module(pixels.double())
    (wanted * weight.double()).sum().backward()
    reference = torch.cat(
        [dict(module.named_parameters())[name].grad.reshape(-1) for name, _ in layout.slices]
    )
    error = (largest(logits.cpu(), wanted), ((gradient - reference).norm() / reference.norm()).item())
    print(f"dense model: logits differ by {error[0]:.1e}, the gradient by {error[1]:.1e} of its length")
    assert error[0] < 1e-4 and error[1] < (1e-2 if theta.dtype == torch.float32 else 1e-7)


def check_kernels(device):
    """Each Triton operation against the plain one, on random shapes of the network."""
    generator = torch.Generator().manual_seed(11)
    draw = lambda *shape: torch.randn(*shape, generator=generator).to(device)
    for C, H, K, S in [(8, 16, 3, 1), (5, 16, 3, 2), (7, 8, 5, 2), (9, 4, 5, 1), (6, 4, 3, 2), (10, 2, 3, 1)]:
        M, chunks, n = 3, 2, 20
        x, w = draw(M * chunks, C, n * H * H).requires_grad_(), draw(M, C, 1, K, K).requires_grad_()
        g = draw(M * chunks, C, n * (H // S) ** 2)
        found = []
        for ghostnet.USE_KERNELS in [True, False]:
            y = ghostnet.depthwise(x, w, n, S)
            found.append([y, *torch.autograd.grad((y * g).sum(), [x, w])])
        errors = [((a - b).norm() / b.norm()).item() for a, b in zip(*found)]
        assert max(errors) < 1e-5, ("depthwise", C, H, K, S, errors)
        for relu in [False, True]:
            gamma, beta = draw(M, C).requires_grad_(), draw(M, C).requires_grad_()
            g, found = draw(*x.shape), []
            for ghostnet.USE_KERNELS in [True, False]:
                running = torch.stack([torch.zeros(M, C), torch.ones(M, C)], 1).to(device)
                y = ghostnet.batch_norm(3 * x + 5, gamma, beta, running, relu, True)
                found.append([y, running, *torch.autograd.grad((y * g).sum(), [x, gamma, beta])])
            errors = [((a - b).norm() / b.norm()).item() for a, b in zip(*found)]
            assert max(errors) < 2e-5, ("batch norm", C, H, relu, errors)
    ghostnet.USE_KERNELS = True
    print("Triton kernels agree with plain operations")


def check_masks():
    layout = ghostnet.Layout()
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(2, 3, layout.prunable, generator=generator)
    masks = torch.ones(2, 3, layout.prunable, dtype=torch.bool)
    once = method.prune(masks, weights, 4096)
    twice = method.prune(once, weights, 4096)
    assert (once.sum(-1) == layout.prunable - 4096).all()
    assert (twice.sum(-1) == layout.prunable - 8192).all() and (twice <= once).all()
    assert weights.abs()[0, 0][twice[0, 0]].min() >= weights.abs()[0, 0][~twice[0, 0]].max()
    moved = method.shuffled(layout, twice, generator)
    for ours, theirs in zip(moved.split(layout.layers, -1), twice.split(layout.layers, -1)):
        assert torch.equal(ours.sum(-1), theirs.sum(-1))
    assert (method.similarities(torch.stack([once[0, 0]] * 3)[None]) == 1).all()
    print("masks: counts, order, layers and J are right")


def main(device):
    # The module under test is the command's own; its functions are imported again under their name.
    sys.path.insert(0, str(FIXTURES))
    check_masks()
    if ghostnet.USE_KERNELS:
        check_kernels(device)
    if (FIXTURES / "ghostnet.py").exists():
        check_forward_and_gradient(device)
        check_against_modules(device)
