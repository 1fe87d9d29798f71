"""Masks and scores of the experiments in PyTorch, and the files that `torch_method.py` writes."""

import csv
import statistics

import torch

CLASSES = 10
FIGURES = ["balanced_accuracy", "precision", "recall", "f1", "argmax", "union", "mean_jaccard"]


def prune(masks, weights, count):
    """Removes the smallest weights that are left, the same number everywhere."""
    worth = weights.abs().masked_fill(~masks, torch.inf)
    return masks.scatter(-1, worth.topk(count, dim=-1, largest=False).indices, False)


def similarities(masks):
    """Mean J to the others of each mask: [S, K, prunable] -> [S, K]."""
    ones = masks.float()
    both = ones @ ones.transpose(1, 2)
    sizes = ones.sum(-1)
    J = both / (sizes[:, :, None] + sizes[:, None, :] - both)
    return (J.sum(-1) - 1) / (masks.shape[1] - 1)


def one_vs_rest(yes, labels, subset):
    """Balanced accuracy, precision, recall and F1 of a subset's decisions."""
    own = labels == subset
    tp, fp = (yes & own).sum().item(), (yes & ~own).sum().item()
    positives, negatives = own.sum().item(), (~own).sum().item()
    recall = tp / max(1, positives)
    balanced = (recall + 1 - fp / max(1, negatives)) / 2
    return balanced, tp / max(1, tp + fp), recall, 2 * tp / max(1, tp + fp + positives)


def judge(logits, labels):
    """Means over the subnetworks of scores [images, K] at logit 0, and the accuracy of their argmax."""
    each = [one_vs_rest(logits[:, k] > 0, labels, k) for k in range(CLASSES)]
    accuracy = (logits.argmax(1) == labels).float().mean().item()
    return [statistics.mean(column) for column in zip(*each)] + [accuracy]


def judge_classifier(logits, labels):
    choice = logits.argmax(1)
    each = [one_vs_rest(choice == k, labels, k) for k in range(CLASSES)]
    accuracy = (choice == labels).float().mean().item()
    return [statistics.mean(column) for column in zip(*each)] + [accuracy]


class Report:
    """What has been found, in files that are always complete."""

    def __init__(self, folder):
        self.folder, self.rows, self.rounds = folder, [], []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, method, target, seed, figures, masks):
        """masks: [K, prunable], or None where there is one network."""
        union, J = masks.any(0).sum().item(), None
        if len(masks) > 1:
            J = similarities(masks[None]).mean().item()
        if method.startswith("imp_multiple"):
            union = masks.sum().item()
        self.rows.append([method, target, seed, *figures, union, J])

    def write(self):
        def table(name, header, rows):
            with open(self.folder / name, "w", newline="") as file:
                csv.writer(file).writerows([header, *rows])

        table("results.csv", ["method", "target", "seed", *FIGURES], self.rows)
        header = ["method", "seed", "round", "subnetwork", "sparsity_trained", "balanced_accuracy"]
        table("rounds.csv", header + ["sparsity_pruned", "mean_jaccard"], self.rounds)
        (self.folder / "table.md").write_text(self.table())

    def table(self):
        lines = [
            "| row | sparsity | balanced accuracy | precision | recall | F1 | argmax | union | mean J |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for key in dict.fromkeys((row[0], row[1]) for row in self.rows):
            rows = [row[3:] for row in self.rows if (row[0], row[1]) == key]
            cells = []
            for name, values in zip(FIGURES, zip(*rows)):
                if None in values:
                    cells.append("")
                elif name == "union":
                    cells.append(f"{statistics.mean(values) / 1000:.1f} K")
                else:
                    spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
                    cells.append(f"{statistics.mean(values):.3f}{spread}".replace("0.", "."))
            lines.append(f"| `{key[0]}` | {key[1] * 100:g} % | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"
