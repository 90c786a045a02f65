"""Room signals: the telemetry link of the rover to Misasa as a design control table.

python examples/link.py
"""

import lupex

RANGE_M, ELEVATION_DEG = 384_400e3, 30.0


def main() -> None:
    """Print the budget at the Moon's mean distance, and whether the link closes."""
    budget = lupex.downlink(lupex.station("misasa"), lupex.radio("lupex_rover_hga"), RANGE_M, ELEVATION_DEG)
    print(budget)
    print("closes" if budget.closes else "does not close")


if __name__ == "__main__":
    main()
