"""Write docs/benchmarks.md from the results of a run: python benchmarks/write_page.py, after make bench."""

import sys

from measuring import HERE, RESULTS, machine

PARTS = {
    "horizons": (
        "Skylines",
        "The default LOLA cap resampled around the south pole by cubic splines (`smooth`), and with fractal relief of "
        "5 degrees rms below 3.2 km (`rough`). Every contender runs in a process of its own, in turns.",
    ),
    "light": ("Light", "Means over 18.7 years from the distribution of directions, and statistics step by step."),
    "determinism": (
        "The price of equal bytes",
        "Kernels as they are, without `fastmath`, so that results do not depend on how often a kernel was compiled; "
        "the same with it; and the last build that had it (3d7c8a5). Builds take turns; the least of CPU time.",
    ),
    "dates": ("Landing dates", "50 sites, ten years of daily landings, hourly light; skylines made before."),
    "ranking": ("Ranking under uncertainty", "1000 sites, 8 criteria, 20 000 draws."),
    "touchdown": ("Safe touchdown and reach", "Every aim point of a map of 1001 x 1001 cells; reach on 320 x 320."),
    "contacts": (
        "Passes of ground antennas",
        "Stations of the catalogue, places near the south pole under jagged skylines.",
    ),
    "route": (
        "Routes",
        "A raster of cost per metre from corner to corner, by scikit-image's rule (corners cut) and ours, and the "
        "directed steps of a rover; every contender finds the same cost, in turns in one process.",
    ),
    "traverse": (
        "Drives in time",
        "Plan and trace back; the long drive in a process of its own. The scene of the shares is made up: fractal "
        "ground with craters, shadows of that ground alone.",
    ),
    "thermal": (
        "Temperatures",
        "One thread; the plain loop in the same layers; heat1d of PyPI in a process of its own, eight years of it.",
    ),
    "payload": ("Accommodation", "Every best compromise with proof, beside one objective per solve for as long."),
    "packets": (
        "Packets",
        "CPU time of one thread; peers take less on: ccsdspy raw fields of one layout, no checksums and no conditions.",
    ),
    "navigation": ("Where is it?", "Ranges with light time, a search over a million skylines, a month of tracking."),
    "study": ("The default study", "`lupex study` with its own empty caches, then again."),
}


def main() -> int:
    parts = [
        "# Benchmarks",
        "`make bench` measures all of this in one run and fails when a value is wrong or a target missed. "
        f"This page: {machine()}, nothing else running unless it is said; the day stands under each part.",
    ]
    for name, (title, about) in PARTS.items():
        result = RESULTS / f"{name}.md"
        if not result.exists():
            print(f"{result.name} is missing and left out: benchmarks/bench_{name}.py makes it", file=sys.stderr)
            continue
        parts += [f"## {title}", about, result.read_text(encoding="utf-8").strip()]
    (HERE.parent / "docs" / "benchmarks.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
