"""Room payload: the worked example of LUPEX with stand-ins: what fits, with which margin, and what holds it back.

python examples/payload.py
"""

from lupex.mission import load_mission
from lupex.study import payload_fit, payload_status


def main() -> None:
    """Print the accommodation of the default mission; every number of an instrument in it is an assumption."""
    mission = load_mission()
    assumed = sum(row["assumptions"] for row in payload_status(mission))
    found = payload_fit(mission)
    print(f"{assumed} numbers of instruments are assumptions")
    for name, mount in found.assignment.items():
        print(f"{name}: {mount}")
    print(f"left out: {', '.join(found.left_out) or 'none'}")
    tight = min((row for row in found.budgets if row.basic > 0.0), key=lambda row: row.margin / row.limit)
    share = 100.0 * tight.margin / tight.limit
    print(f"tightest: {tight.quantity} ({tight.phase}) of {tight.host}, margin {share:.0f} % of the limit")
    for one in found.binding:
        print(f"{one.more:g} {one.unit} more of {one.quantity} on {one.host}: {', '.join(one.change)}")
    print(f"{len(found.pareto)} best compromises; fits with probability {found.fits_probability:.2f}")


if __name__ == "__main__":
    main()
