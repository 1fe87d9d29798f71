"""Checks of `torch_pictures.py`, in double precision: its many networks at once against plain PyTorch.

    python3 Benchmarks/torch_pictures.py --check

Needs no data. It ends with an assertion error where something does not agree.
"""

import numpy as np
import torch

import torch_pictures as pictures


def main(device):
    """Joint steps of two networks against modules of torch.nn that torch.optim.Adam trains under the masks."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    p = pictures.Pictures.__new__(pictures.Pictures)
    p.device, p.names, p.regions = device, ["noise"], [[(0, 60), (60, 40)]]
    p.features, p.colours = torch.randn(100, pictures.FEATURES, device=device), torch.rand(100, 3, device=device)
    p.region = (torch.arange(100, device=device) >= 60).long()
    for layout in (pictures.Layout(), pictures.Layout(2)):
        theta = torch.stack([pictures.initial(pictures.Layout(2), torch.Generator().manual_seed(s)) for s in (1, 2)])
        if not layout.embedding:
            theta = torch.stack([pictures.without_embedding(t, pictures.Layout(2), layout) for t in theta])
        masks = torch.rand(2, 2, layout.prunable, device=device) < 0.4
        jobs = [(p.regions[0], 3, rate, cosine) for rate, cosine in ((1e-2, 0), (1e-3, 1))]
        trainer = pictures.Trainer(layout, p, 16, jobs)
        trainer.begin(theta.to(device), masks)
        index = torch.stack([trainer.sample(torch.full((2,), s % 2, device=device)) for s in range(6)])
        for own in index:
            trainer.compute(own)
        for m, (_, steps, rate, cosine) in enumerate(jobs):
            flat = theta[m].to(device).clone().requires_grad_()
            moments = torch.zeros(2, layout.count, device=device)
            for s, own in enumerate(index[:, m]):
                active = torch.ones(layout.count, device=device)
                active[: layout.prunable] = masks[m, s % 2].float()
                x = p.features[own]
                parts = [q[0] for q in layout.split((flat * active)[None])]
                if layout.embedding:
                    x = torch.cat([x, torch.nn.functional.embedding(p.region[own], parts[-1])], 1)
                for i in range(pictures.HIDDEN + 1):
                    x = torch.nn.functional.linear(x, parts[i], parts[pictures.HIDDEN + 1 + i])
                    x = torch.relu(x) if i < pictures.HIDDEN else x
                flat.grad = None
                torch.nn.functional.mse_loss(x, p.colours[own]).backward()
                # PyTorch's Adam on the active parameters alone, with their moments and the subnetwork's steps.
                places, t = active.nonzero()[:, 0], s // 2
                live = flat.detach()[places].requires_grad_()
                live.grad = flat.grad[places]
                decay = (1 + np.cos(np.pi * t / steps)) / 2 if cosine else 1
                adam = torch.optim.Adam([live], lr=rate * decay)
                adam.state[live] = {
                    "step": torch.tensor(float(t)),
                    "exp_avg": moments[0, places],
                    "exp_avg_sq": moments[1, places],
                }
                adam.step()
                moments[0, places], moments[1, places] = (adam.state[live][n] for n in ("exp_avg", "exp_avg_sq"))
                flat.data[places] = live.detach()
            difference = (trainer.theta[m] - flat).abs().max().item()
            moved = (flat - theta[m].to(device)).abs().max().item()
            print(f"{layout.prunable} weights, rate {rate:g}: differs by {difference:.1e} of {moved:.1e}")
            assert difference < 1e-9
            untouched = (~masks[m].any(0)).nonzero()[:, 0]
            assert torch.equal(trainer.theta[m][untouched], theta[m].to(device)[untouched])
