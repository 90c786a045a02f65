"""Every best compromise of a multiple-choice programme with up to three costs, by depth-first search.

One option is taken of each group. What is not beaten yet lies below one of the *corners*: points that no solution known
so far reaches (local upper bounds, Klamroth, Lacour and Vanderpooten 2015, doi:10.1016/j.ejor.2015.03.031). A branch is
left when, for each corner, one weighting of the costs proves that nothing below the corner can come of it. The bound of
a weighting adds the limits with prices (Lagrangian relaxation), so that it is as strong as the linear relaxation at the
root.

Costs are whole numbers in float64: sums are exact, and two solutions are equal or differ by one.
"""

import numpy as np

from lupex.kernels.compiled import kernel

COSTS = 3


@kernel
def _below_a_corner(corner, low, weights, slack):
    """True when no weighting proves that a solution with bounds ``low`` (L,) cannot lie below ``corner`` (3,)."""
    for w in range(weights.shape[0]):
        at = weights[w, 0] * corner[0] + weights[w, 1] * corner[1] + weights[w, 2] * corner[2]
        # A solution below the corner is lower by one at least in every cost: by 2 slack in the weighted sum.
        if at - slack[w] < low[w]:
            return False
    return True


@kernel
def _cut_corners(point, corners, held, spare):
    """Corners after ``point`` (3,) is known; returns how many ``corners`` are held. ``spare``: work of their size."""
    kept = 0
    made = 0
    for i in range(held):
        a = corners[i, 0]
        b = corners[i, 1]
        c = corners[i, 2]
        if point[0] < a and point[1] < b and point[2] < c:
            spare[made, 0] = point[0]
            spare[made, 1] = b
            spare[made, 2] = c
            spare[made + 1, 0] = a
            spare[made + 1, 1] = point[1]
            spare[made + 1, 2] = c
            spare[made + 2, 0] = a
            spare[made + 2, 1] = b
            spare[made + 2, 2] = point[2]
            made += 3
        else:
            corners[kept, 0] = a
            corners[kept, 1] = b
            corners[kept, 2] = c
            kept += 1
    old = kept
    for i in range(made):
        within = False
        for j in range(made):
            if j == i:
                continue
            if spare[i, 0] <= spare[j, 0] and spare[i, 1] <= spare[j, 1] and spare[i, 2] <= spare[j, 2]:
                same = spare[i, 0] == spare[j, 0] and spare[i, 1] == spare[j, 1] and spare[i, 2] == spare[j, 2]
                # Of equal ones the first stays.
                if not same or j < i:
                    within = True
                    break
        for j in range(old):
            if within:
                break
            within = spare[i, 0] <= corners[j, 0] and spare[i, 1] <= corners[j, 1] and spare[i, 2] <= corners[j, 2]
        if not within:
            for k in range(COSTS):
                corners[kept, k] = spare[i, k]
            kept += 1
    return kept


@kernel
def front(
    first, cost, use, limit, rest_use, weights, slack, reduced, rest, most_nodes, points, picks, corners, spare, counts
):
    """Fills ``points`` (N, 3) and ``picks`` (N, group) with the solutions that none beats, one for each cost.

    Args:
        first: (group + 1,) where a group's options begin.
        cost: (option, 3) whole numbers. use: (option, row). limit: (row,).
        rest_use: (group + 1, row) least use of the groups from one on.
        weights: (L, 3) of the costs. slack: (L,) half of what a step of one in every cost is worth.
        reduced: (L, option) weighted costs and priced uses. rest: (group + 1, L) least of the groups from one on,
            what the limits are worth at these prices taken away.
        most_nodes: after that many the search stops.
        corners, spare: (M, 3) work.
        counts: (4,) out: points; corners; nodes; 1 when all was searched, 0 when stopped by ``most_nodes``, -1 when
            points or corners are too many for their arrays. Its first two and ``corners`` go in as they were left.
    """
    groups = first.shape[0] - 1
    rows = limit.shape[0]
    bounds = weights.shape[0]
    found = counts[0]
    corner_count = counts[1]
    used = np.zeros((groups + 1, rows))
    total = np.zeros((groups + 1, COSTS))
    worth = np.zeros((groups + 1, bounds))
    low = np.zeros(bounds)
    pick = np.zeros(groups, np.int64)
    # Corners that can still be reached from a branch stand first; those of a branch below are among them.
    alive = np.full(groups + 1, corner_count, np.int64)
    pick[0] = first[0] - 1
    g = 0
    nodes = 0
    counts[3] = 1
    while g >= 0:
        pick[g] += 1
        if pick[g] >= first[g + 1]:
            g -= 1
            continue
        o = pick[g]
        nodes += 1
        if nodes > most_nodes:
            counts[3] = 0
            break
        fits = True
        for r in range(rows):
            used[g + 1, r] = used[g, r] + use[o, r]
            if used[g + 1, r] + rest_use[g + 1, r] > limit[r]:
                fits = False
                break
        if not fits:
            continue
        for k in range(COSTS):
            total[g + 1, k] = total[g, k] + cost[o, k]
        for w in range(bounds):
            worth[g + 1, w] = worth[g, w] + reduced[w, o]
            low[w] = worth[g + 1, w] + rest[g + 1, w]
        hope = alive[g]
        for i in range(alive[g]):
            if _below_a_corner(corners[i], low, weights, slack):
                hope = i
                break
        if hope == alive[g]:
            continue
        if g + 1 < groups:
            k = 0
            for i in range(hope, alive[g]):
                if _below_a_corner(corners[i], low, weights, slack):
                    for q in range(COSTS):
                        corners[i, q], corners[k, q] = corners[k, q], corners[i, q]
                    k += 1
            alive[g + 1] = k
            g += 1
            pick[g] = first[g] - 1
            continue
        better = False
        for i in range(corner_count):
            if (
                total[groups, 0] < corners[i, 0]
                and total[groups, 1] < corners[i, 1]
                and total[groups, 2] < corners[i, 2]
            ):
                better = True
                break
        if not better:
            continue
        k = 0
        for i in range(found):
            if total[groups, 0] > points[i, 0] or total[groups, 1] > points[i, 1] or total[groups, 2] > points[i, 2]:
                points[k] = points[i]
                picks[k] = picks[i]
                k += 1
        # Three new corners may come of each old one.
        if k + 1 >= points.shape[0] or 3 * corner_count + 3 >= corners.shape[0]:
            counts[3] = -1
            break
        points[k] = total[groups]
        picks[k] = pick
        found = k + 1
        corner_count = _cut_corners(total[groups], corners, corner_count, spare)
        alive[:] = corner_count
    counts[0] = found
    counts[1] = corner_count
    counts[2] = nodes
