"""Rooms mission and catalogue: what the default mission assumes because nobody has published it.

python examples/assumptions.py
"""

import lupex


def main() -> None:
    """Print every fact of lander and rover whose source is an assumption."""
    mission = lupex.load_mission(None)
    for kind, facts in (("lander", mission.lander), ("rover", mission.rover)):
        assumed = [fact for fact in facts if fact.source.startswith("assumption")]
        print(f"{kind}: {len(assumed)} of {len(facts)} facts are assumptions")
        for fact in assumed:
            print(f"  {fact.key} = {fact.value}: {fact.meaning}")


if __name__ == "__main__":
    main()
