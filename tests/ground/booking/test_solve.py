"""Schedules against every choice tried one by one, and the rules of antennas one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from tests.ground.scenes_schedule import H, allowed, antenna, best_of_all, contact, plan_of

from lupex.base.errors import InputError
from lupex.ground.booking.measure import Booking
from lupex.ground.booking.problem import ScheduleProblem
from lupex.ground.booking.solve import schedule, without
from lupex.model import ContactNeeds, DataNeed, PassRate, ScheduleSettings

CUTS = ScheduleSettings(grid_minutes=0.0, shortest_pass_minutes=0.0)


def small(seed: int) -> ScheduleProblem:
    """A problem of a few passes with needs drawn at random."""
    rng = np.random.default_rng(seed)
    stations = tuple(
        antenna(n, rng.choice([0.0, 0.25, 0.5]), rng.choice([0.0, 0.25]), rng.choice([0.5, 1.0, 2.0])) for n in "abc"
    )
    passes = [
        contact(str(rng.choice(list("abc"))), start, start + length)
        for start, length in zip(rng.integers(0, 18, 4) / 1.0, rng.integers(2, 6, 4) / 1.0, strict=True)
    ]
    apart = [
        p
        for i, p in enumerate(passes)
        if all(q.station != p.station or q.los_tdb_s < p.aos_tdb_s or q.aos_tdb_s > p.los_tdb_s for q in passes[:i])
    ]
    kinds = rng.random(6) < 0.5
    rates = {p: PassRate(np.array([p.aos_tdb_s, p.los_tdb_s]), np.full(2, rng.choice([1e5, 2e5]))) for p in apart}
    drives = ((10.5 * H, 12.0 * H),)
    needs = ContactNeeds(
        spacecraft="rover",
        daily_hours=float(rng.integers(1, 8)) * kinds[0],
        longest_gap_hours=float(rng.integers(6, 16)) if kinds[1] else np.inf,
        data=(DataNeed(1e9, 12 * H), DataNeed(1.5e9, 24 * H, 6 * H)) if kinds[2] else (),
        drives_tdb_s=drives if kinds[3] or kinds[4] else (),
        drive_contact_fraction=0.8 * kinds[3],
        command_minutes=60.0 * kinds[4],
        command_within_hours=5.0,
        idle_tdb_s=((3 * H, 5 * H),) if rng.random() < 0.3 else (),
    )
    soft = rng.random() < 0.5
    settings = ScheduleSettings(
        grid_minutes=float(rng.choice([60.0, 120.0])),
        shortest_pass_minutes=float(rng.choice([0.0, 60.0, 120.0])),
        antennas_at_once=int(rng.integers(0, 3)),
        charge_setup=bool(rng.random() < 0.7),
        whole_passes=bool(rng.random() < 0.2),
        daily_penalty_per_hour=1.3 if soft else np.inf,
        gap_penalty_per_hour=0.7 if soft else np.inf,
        data_penalty_per_gbit=2.0 if rng.random() < 0.5 else np.inf,
        command_penalty=1.7 if soft else np.inf,
    )
    away = {"a": ((8 * H, 9 * H),)} if rng.random() < 0.4 else {}
    return ScheduleProblem(
        plans=(plan_of(apart, 24.0),),
        stations=stations,
        needs=(needs,),
        rates=rates,
        unavailable=away,
        settings=settings,
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_choice_is_the_best_of_all_choices(seed: int) -> None:
    problem = small(seed)
    found = schedule(problem)
    (short, objective, count), _ = best_of_all(problem)
    assert found.status == "optimal"
    assert found.short_share == pytest.approx(short, abs=1e-4)
    assert found.objective == pytest.approx(objective, abs=1e-3)
    assert found.gap_fraction == 0.0 and found.bound == pytest.approx(objective, abs=1e-3)
    assert len(found.booked) == count


def test_a_pass_in_parts_is_the_best_of_all_choices_too() -> None:
    plan = plan_of([contact("a", 0, 10), contact("b", 3, 6)], 12.0)
    needs = ContactNeeds(spacecraft="rover", longest_gap_hours=3.0)
    settings = ScheduleSettings(grid_minutes=60.0, shortest_pass_minutes=0.0, split_passes=True)
    problem = ScheduleProblem(
        plans=(plan,),
        stations=(antenna("a", 0.0, 0.0), antenna("b", 0.0, 0.0, 5.0)),
        needs=(needs,),
        rates={},
        unavailable={},
        settings=settings,
    )
    found = schedule(problem)
    (_, objective, count), _ = best_of_all(problem)
    assert found.objective == pytest.approx(objective) and len(found.booked) == count
    assert schedule(replace(problem, settings=replace(settings, split_passes=False))).objective > objective


def test_an_antenna_needs_time_between_two_spacecraft() -> None:
    rover, lander = plan_of([contact("a", 0, 4)], 8.0), plan_of([contact("a", 4.5, 8, "lander")], 8.0, "lander")
    needs = tuple(
        ContactNeeds(spacecraft=name, daily_hours=24.0 * h / 8.0) for name, h in (("rover", 3.0), ("lander", 3.0))
    )
    problem = ScheduleProblem(plans=(rover, lander), stations=(antenna("a", 0.5, 0.25),), needs=needs, settings=CUTS)
    found = schedule(problem)
    first, second = found.booked
    assert not found.unmet and second.start_tdb_s - first.stop_tdb_s >= 0.75 * H
    assert second.activity_start_tdb_s == second.start_tdb_s - 0.5 * H
    assert first.activity_stop_tdb_s <= second.activity_start_tdb_s
    tight = tuple(replace(need, daily_hours=24.0 * h / 8.0) for need, h in zip(needs, (4.0, 3.5), strict=True))
    missed = schedule(replace(problem, needs=tight))
    assert missed.unmet == {"rover: contact on 2000-01-01 (h)": pytest.approx(0.25, abs=1e-6)}


def test_nothing_is_booked_when_nothing_is_needed() -> None:
    found = schedule(ScheduleProblem(plans=(plan_of([contact("a", 0, 4)], 8.0),), stations=(antenna("a"),), needs=()))
    assert found.booked == () and found.cost == 0.0 and found.status == "optimal" and found.gap_fraction == 0.0


def test_what_cannot_be_met_is_named_with_how_much() -> None:
    plan = plan_of([contact("a", 2, 6)], 24.0)
    needs = ContactNeeds(
        spacecraft="rover",
        daily_hours=5.5,
        drives_tdb_s=((9 * H, 10 * H),),
        command_minutes=60.0,
        command_within_hours=2.0,
    )
    found = schedule(ScheduleProblem(plans=(plan,), stations=(antenna("a"),), needs=(needs,), settings=CUTS))
    (day, hours), (command, missing) = found.unmet.items()
    assert day == "rover: contact on 2000-01-01 (h)" and hours == pytest.approx(1.5, abs=1e-6)
    assert command.startswith("rover: commands before drive 1 at 2000-01-01T20:58:5") and missing == 1.0
    assert found.short_share == pytest.approx(1.5 / 5.5 + 1.0, abs=1e-6)
    assert found.short_share_bound == pytest.approx(found.short_share, abs=1e-4)
    assert any(note == f"Cannot be met: {day} is short by 1.500." for note in found.notes)


def test_a_soft_need_is_missed_when_its_penalty_is_cheaper() -> None:
    plan = plan_of([contact("a", 2, 8)], 24.0)
    problem = ScheduleProblem(
        plans=(plan,), stations=(antenna("a", 0.5, 0.5),), needs=(ContactNeeds(spacecraft="rover", daily_hours=4.0),)
    )
    cheap = schedule(replace(problem, settings=replace(CUTS, daily_penalty_per_hour=1.1)))
    dear = schedule(replace(problem, settings=replace(CUTS, daily_penalty_per_hour=9.0)))
    assert cheap.booked == () and cheap.objective == pytest.approx(4.4) and cheap.short_share == 0.0
    assert len(dear.booked) == 1 and not dear.unmet


def test_commands_may_end_while_contact_goes_on_into_the_drive() -> None:
    plan = plan_of([contact("a", 2, 12)], 24.0)
    needs = ContactNeeds(
        spacecraft="rover",
        drives_tdb_s=((5.5 * H, 7 * H),),
        drive_contact_fraction=1.0,
        command_minutes=30.0,
        command_within_hours=1.0,
    )
    (one,) = schedule(ScheduleProblem(plans=(plan,), stations=(antenna("a"),), needs=(needs,), settings=CUTS)).booked
    assert (one.start_tdb_s, one.stop_tdb_s) == pytest.approx((5.0 * H, 7.0 * H))
    assert one.purposes == ("commands for drive 1", "drive 1")
    (gridded,) = schedule(ScheduleProblem(plans=(plan,), stations=(antenna("a"),), needs=(needs,))).booked
    assert (gridded.start_tdb_s, gridded.stop_tdb_s) == pytest.approx((5.0 * H, 7.0 * H))


def test_data_counts_once_when_two_antennas_listen() -> None:
    plan = plan_of([contact("a", 0, 4), contact("b", 0, 4)], 24.0)
    rates = {p: PassRate(np.array([0.0, 4 * H]), np.full(2, 1e6)) for p in plan.passes}
    needs = ContactNeeds(spacecraft="rover", data=(DataNeed(20e9, 24 * H, name="images"),))
    found = schedule(
        ScheduleProblem(
            plans=(plan,), stations=(antenna("a"), antenna("b")), needs=(needs,), rates=rates, settings=CUTS
        )
    )
    assert found.unmet == {"rover: data images due 2000-01-02T11:58:56Z (Gbit)": pytest.approx(20.0 - 14.4)}
    whole = sum(one.volume_bits for one in found.booked)
    assert sum(found.daily_bits["rover"]) == pytest.approx(14.4e9) == pytest.approx(whole)


def test_the_cheaper_antenna_is_taken_and_its_loss_costs_the_difference() -> None:
    plan = plan_of([contact("dear", 0, 6), contact("cheap", 1, 6)], 24.0)
    stations = (antenna("dear", 0.5, 0.5, 3.0), antenna("cheap", 0.5, 0.5, 2.0))
    problem = ScheduleProblem(
        plans=(plan,), stations=stations, needs=(ContactNeeds(spacecraft="rover", daily_hours=4.0),), settings=CUTS
    )
    lost = without(problem, "cheap")
    assert lost.before.antenna_hours == {"cheap": pytest.approx(5.0)} or lost.before.cost == pytest.approx(10.0)
    assert lost.cost_change > 0.0 and lost.unmet_change == {}
    assert lost.after.antenna_hours.keys() == {"dear"}
    assert without(problem, "dear", lost.before).cost_change == 0.0


def test_several_antennas_or_a_complex_may_be_lost_and_all_of_them_too() -> None:
    plan = plan_of([contact("a", 0, 6), contact("b", 1, 6), contact("c", 8, 11)], 24.0)
    stations = tuple(replace(antenna(name), complex="twins" if name != "c" else "alone") for name in "abc")
    problem = ScheduleProblem(
        plans=(plan,), stations=stations, needs=(ContactNeeds(spacecraft="rover", daily_hours=4.0),), settings=CUTS
    )
    best = schedule(problem)
    assert best.unmet == {}
    for names in ("twins", "complex:twins", "a, b", ["a", "b"]):
        loss = without(problem, names, best)
        assert loss.stations == ("a", "b") and loss.after.antenna_hours == {"c": pytest.approx(3.0)}
        assert sum(loss.unmet_change.values()) == pytest.approx(1.0)
    nothing = without(problem, ("twins", "c"), best)
    assert nothing.after.booked == () and sum(nothing.unmet_change.values()) == pytest.approx(4.0)
    assert nothing.cost_change == -best.cost


def test_an_outage_ends_and_contact_goes_on_after_it() -> None:
    plan = plan_of([contact("a", 0, 6), contact("a", 12, 18)], 24.0)
    needs = ContactNeeds(spacecraft="rover", daily_hours=5.0)
    problem = ScheduleProblem(plans=(plan,), stations=(antenna("a"),), needs=(needs,), settings=CUTS)
    loss = without(problem, "a", outage_tdb_s=(-H, 9 * H))
    assert loss.outage_tdb_s == (-H, 9 * H) and loss.unmet_change == {}
    assert all(one.activity_start_tdb_s >= 9 * H for one in loss.after.booked)
    assert sum(without(problem, "a", outage_tdb_s=(-H, 15 * H)).unmet_change.values()) == pytest.approx(2.5)
    for outage in ((9 * H, 9 * H), (30 * H, 40 * H), (-9 * H, -H)):
        with pytest.raises(InputError, match="the outage is empty, or outside the span"):
            without(problem, "a", outage_tdb_s=outage)


def test_a_finer_grid_is_never_dearer() -> None:
    plan = plan_of([contact("a", 0.2, 5.7), contact("b", 4.1, 11.3)], 12.0)
    needs = ContactNeeds(spacecraft="rover", daily_hours=15.0, longest_gap_hours=4.0)
    costs = [
        schedule(
            ScheduleProblem(
                plans=(plan,),
                stations=(antenna("a"), antenna("b")),
                needs=(needs,),
                settings=ScheduleSettings(grid_minutes=m, shortest_pass_minutes=0.0),
            )
        ).cost
        for m in (60.0, 30.0, 15.0)
    ]
    assert costs[0] >= costs[1] >= costs[2] >= 7.5 + 1.5


def test_setting_up_may_not_reach_into_an_unavailable_time() -> None:
    plan = plan_of([contact("a", 0, 6)], 24.0)
    problem = ScheduleProblem(
        plans=(plan,),
        stations=(antenna("a", 1.0, 0.5),),
        needs=(ContactNeeds(spacecraft="rover", daily_hours=3.0),),
        rates={},
        unavailable={"a": ((2 * H, 2.5 * H),)},
        settings=CUTS,
    )
    found = schedule(problem)
    assert found.unmet == {"rover: contact on 2000-01-01 (h)": pytest.approx(0.5, abs=1e-6)}
    assert [(b.start_tdb_s / H, b.stop_tdb_s / H) for b in found.booked] == [pytest.approx((3.5, 6.0))]


def test_the_slow_checker_knows_a_conflict() -> None:
    problem = ScheduleProblem(
        plans=(plan_of([contact("a", 0, 6)], 24.0),),
        stations=(antenna("a"),),
        needs=(),
        settings=ScheduleSettings(grid_minutes=60.0, split_passes=True),
    )
    assert not allowed(problem, [Booking(0, 0, 2), Booking(0, 2, 4)])
    assert not allowed(problem, [Booking(0, 0, 2), Booking(0, 2, 3)])
    assert allowed(problem, [Booking(0, 0, 2), Booking(0, 3, 4)])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"needs": (ContactNeeds(spacecraft="orbiter"),)}, "needs of 'orbiter'"),
        ({"stations": ()}, "no station"),
        ({"settings": ScheduleSettings(grid_minutes=-1.0)}, r"\[schedule\] grid_minutes = -1"),
        ({"unavailable": {"a": ((5.0, 5.0),)}}, "unavailable time of a"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(change: dict, says: str) -> None:
    problem = ScheduleProblem(plans=(plan_of([contact("a", 0, 4)], 8.0),), stations=(antenna("a"),), needs=())
    with pytest.raises(InputError, match=says):
        replace(problem, **change)


def test_only_a_station_that_is_there_can_be_lost() -> None:
    problem = ScheduleProblem(plans=(plan_of([contact("a", 0, 4)], 8.0),), stations=(antenna("a"),), needs=())
    with pytest.raises(InputError, match="'b' cannot be lost"):
        without(problem, "b")
