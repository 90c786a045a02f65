"""Room sites: three landing sites compared under uncertain values and unknown weights.

python examples/rank.py
"""

import numpy as np

from lupex.model import CriteriaTable, RankingSettings
from lupex.sites import rank_candidates


def main() -> None:
    """Print how often each site comes first over all weights, and what decides. The numbers are made up."""
    table = CriteriaTable(
        alternatives=("ridge", "crater rim", "plain"),
        criteria=("touchdown_probability", "season_lit_fraction", "psr_distance_km"),
        higher_is_better=(True, True, False),
        value=np.array([[0.90, 0.85, 3.0], [0.80, 0.92, 1.0], [0.99, 0.55, 9.0]]),
        sigma=np.array([[0.02, 0.05, 0.2], [0.04, 0.05, 0.2], [0.01, 0.08, 0.2]]),
    )
    ranking = rank_candidates(table, RankingSettings(), np.random.default_rng(2028))
    for name, share in zip(table.alternatives, ranking.rank_acceptability[:, 0], strict=True):
        print(f"{name}: first in {100.0 * share:.0f} % of {ranking.draws} draws")
    print(f"decided by {ranking.deciding}")


if __name__ == "__main__":
    main()
