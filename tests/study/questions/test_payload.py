"""The payload of a mission: settings that reach the accommodation, and what an instrument is worth."""

from dataclasses import replace

import pytest
from tests.report.made_up_study import made_up_study

from lupex.base.errors import InputError
from lupex.mission import load_mission
from lupex.payload import core, mounts, working_stop_s
from lupex.report.paper.document import Table
from lupex.report.payload.payload_pages import payload_blocks
from lupex.study.questions.payload import (
    instrument_worth,
    pairs,
    payload_fit,
    payload_programme,
    payload_study,
    payload_worth,
)

MISSION = load_mission()
NAMES = ("auger", "ltga", "triton", "nss")


def with_payload(**settings):
    body = {"instruments": NAMES, "worth": ("auger=1", "ltga=2", "triton=2.5", "nss=1.5"), "growth_draws": 200}
    return replace(MISSION, payload=replace(MISSION.payload, **{**body, **settings}))


def test_settings_reach_the_accommodation():
    found = payload_fit(with_payload())
    assert set(found.assignment) == set(NAMES)
    assert found.objective["worth"] == pytest.approx(7.0)
    assert payload_worth(with_payload()) == {"auger": 1.0, "ltga": 2.0, "triton": 2.5, "nss": 1.5}
    assert {one.instrument for one in found.views} == set()


def test_the_contact_plan_may_limit_the_data():
    held = payload_programme(with_payload(), data_day_mbit={"lupex_rover": 10.0, "lupex_lander": 10.0})
    data = {row.host: limit for row, limit in zip(held.rows, held.limit, strict=True) if row.quantity == "data"}
    assert data == {"lupex_rover": 10.0, "lupex_lander": 10.0}


def test_agencies_asked_for_that_cannot_be_had_are_part_of_the_core():
    held = payload_programme(with_payload(least_of_each_agency=1))
    assert core(held) == ("at least 1 instruments of ISRO",)


def test_each_instrument_has_its_worth_and_the_auger_most():
    rows = instrument_worth(with_payload(), worlds=2)
    assert rows[0].instrument == ""
    assert rows[1].instrument == "auger"
    assert rows[1].lost == pytest.approx(rows[0].correct - rows[1].correct)
    assert rows[1].lost_delayed == pytest.approx(rows[1].lost / 5.0)  # one hole of five is decided without it


def test_pairs_that_are_none_are_refused():
    assert pairs("worth", ("a=1", "b = 2.5")) == {"a": 1.0, "b": 2.5}
    for text in ("a", "a=", "=1", "a=b", "a=-1"):
        with pytest.raises(InputError, match=r"\[payload\] worth"):
            pairs("worth", (text,))


def test_the_smaller_of_host_and_contact_plan_limits_the_data():
    site = made_up_study().sites[0]
    totals = [total.volume_bits for total in site.contacts.totals]
    best = max(bits for bits in totals if bits == bits) / 1e6 / len(site.contacts.days_utc)
    found = payload_study(with_payload(), (site,))
    row = next(row for row in found.fit.budgets if (row.host, row.quantity) == ("lupex_rover", "data"))
    assert row.limit == pytest.approx(min(best, 3000.0))
    assert "what the best antenna takes" in found.data_source


def test_a_hole_is_laid_on_the_time_line_of_the_first_drive_with_a_stop():
    sites = made_up_study().sites
    found = payload_study(with_payload(), sites)
    with_stop = [site for site in sites if site.drive and site.drive.traverse and working_stop_s(site.drive.traverse)]
    assert with_stop, "the made-up drives have a stop"
    assert found.activities_site == with_stop[0].site.candidate.name
    assert {one.instrument for one in found.activities} <= set(found.fit.assignment)
    blocks = payload_blocks(replace(made_up_study(), payload=found), {})
    captions = [block.caption for block in blocks if isinstance(block, Table)]
    assert any("One hole at the stop for work" in caption for caption in captions)


def test_what_terrain_takes_of_each_view_is_told_by_heading():
    sites = made_up_study().sites
    looking = (*NAMES, "ems_l", "gpr")
    found = payload_study(
        with_payload(instruments=looking, worth=tuple(f"{name}=1" for name in looking), alternatives=0), sites
    )
    assert found.terrain_site == sites[0].site.candidate.name
    seeing = {view.instrument for view in found.fit.views}
    assert {row[0] for row in found.terrain_views} == seeing
    assert all(0.0 <= least <= mean <= most <= 1.0 for _, _, least, mean, most in found.terrain_views)
    by_name = {mount.name: mount for mount in mounts(MISSION.payload)}
    for _, mount, least, _, most in found.terrain_views:
        if by_name[mount].boresight[2] == -1.0:  # straight down: ground, whatever the heading
            assert least == most == 1.0
        else:
            assert least < most
    captions = [
        block.caption
        for block in payload_blocks(replace(made_up_study(), payload=found), {})
        if isinstance(block, Table)
    ]
    assert any(f"lies on terrain at {found.terrain_site}" in caption for caption in captions)
