"""Writes alignment.json: what SciPy makes of rank correlations and average linkage, and of the agreement of
groupings what counting pairs does. Run: python3 alignment.py (SciPy 1.17, NumPy 2)."""
import itertools
import json
import pathlib

import numpy
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import spearmanr

random = numpy.random.default_rng(8)


def correlations():
    for size, steps in [(3, 100), (9, 4), (45, 6), (45, 1000), (300, 12)]:
        first = random.integers(0, steps, size) / steps
        second = random.integers(0, steps, size) / steps + 0.7 * first
        yield dict(first=first.tolist(), second=second.tolist(), rho=float(spearmanr(first, second)[0]))


def trees():
    for size in [2, 3, 8, 20]:
        half = random.random((size, size))
        matrix = (half + half.T) / 2
        numpy.fill_diagonal(matrix, 1)
        joinings = linkage(squareform(1 - matrix, checks=False), "average")
        cuts = [fcluster(joinings, count, "maxclust").tolist() for count in range(1, size + 1)]
        yield dict(similarity=matrix.tolist(), distances=joinings[:, 2].tolist(), cuts=cuts)


def groupings():
    for size, groups in [(6, 2), (12, 3), (40, 5)]:
        first = random.integers(0, groups, size)
        second = numpy.where(random.random(size) < 0.5, first, random.integers(0, groups, size))
        both = only_first = only_second = neither = 0
        for i, j in itertools.combinations(range(size), 2):
            same = (first[i] == first[j], second[i] == second[j])
            both += same == (True, True)
            only_first += same == (True, False)
            only_second += same == (False, True)
            neither += same == (False, False)
        index = 2 * (both * neither - only_first * only_second) / (
            (both + only_first) * (only_first + neither) + (both + only_second) * (only_second + neither))
        yield dict(first=first.tolist(), second=second.tolist(), index=float(index))


pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(dict(correlations=list(correlations()), trees=list(trees()), groupings=list(groupings()))) + "\n")
