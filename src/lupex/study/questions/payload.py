"""The payload of a mission: status, accommodation with what it tells about water, and what a loss would cost."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from lupex.base.errors import InputError, LupexError, MissionError, NothingLeftError
from lupex.base.gate import number
from lupex.base.running import Running
from lupex.catalogue import Entry, catalogue_entry
from lupex.io import read_csv_table, read_workbook
from lupex.mission import Mission
from lupex.model.payload.fit import Fit
from lupex.model.payload.item import Item
from lupex.payload import (
    Activity,
    Demands,
    Programme,
    changes_of,
    drive_timeline,
    fit,
    hosts,
    items,
    margin_policy,
    mounts,
    plan,
    programme,
    station_activities,
    status_rows,
    terrain_fraction,
    working_stop_s,
)
from lupex.results import SiteResult
from lupex.results.payload import PayloadStudy
from lupex.water import instrument
from lupex.water.inference.weight import correct_share, evidence_weights
from lupex.water.models.channels import CHANNELS


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What the decision about water loses without an instrument.

    Attributes:
        instrument: its name, '' for the whole payload. correct, undecided, wrong: shares of simulated holes.
        wet_confirmed, dry_cleared: of wet and of dry ground. lost: of ``correct`` against the whole payload.
        lost_delayed: of ``correct`` over the holes of the survey when it works from the second hole on: decided hole by
            hole, so one share in as many as there are holes.
        weight_nats: expected weight of evidence of its readings. mass_kg: with margin.
    """

    instrument: str
    correct: float
    undecided: float
    wrong: float
    wet_confirmed: float
    dry_cleared: float
    lost: float
    lost_delayed: float
    weight_nats: float
    mass_kg: float


_P = ParamSpec("_P")
_R = TypeVar("_R")

SHIFT_S = 43_200.0
"""The hole of the study is done within this long (assumption)."""

HEADING_STEP_DEG = 30
VIEW_RAYS = 1000


def _names_its_mission(asked: Callable[Concatenate[Mission, _P], _R]) -> Callable[Concatenate[Mission, _P], _R]:
    """The question, with the mission file in every error of ours that names no file."""

    @functools.wraps(asked)
    def asking(mission: Mission, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return asked(mission, *args, **kwargs)
        except LupexError as error:
            if not mission.folder or ".toml" in str(error):
                raise
            raise type(error)(f"{mission.path} [payload]: {error.what}", error.fix) from error

    return asking


@_names_its_mission
def payload_items(mission: Mission, date: str = "") -> tuple[Item, ...]:
    """The instruments of a mission as known at a date (YYYY-MM-DD, else the latest); errors as `lupex.payload`."""
    return items(mission.payload, date)


def payload_status(mission: Mission, date: str = "") -> list[dict[str, Any]]:
    """One row per instrument of a mission, as known at a date; see `lupex.payload.status_rows`."""
    return status_rows(payload_items(mission, date), margin_policy(mission.payload.margin_policy))


def mailed_changes(mission: Mission, file: Path) -> tuple[dict[str, Entry], dict[str, Any]]:
    """The instruments of a mission as the catalogue has them, and what a table mailed back says otherwise.

    Args:
        mission: its [payload] names the instruments.
        file: .xlsx or .csv, as ``lupex payload export`` writes them.

    Raises: as `lupex.payload.changes_of`; InputError for another ending or a file that is no table.
    """
    ending = file.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise InputError(f"payload import {file}: unknown ending '{ending}'", "give .xlsx or .csv")
    entries = {
        entry.name: entry for entry in (catalogue_entry("instrument", one) for one in mission.payload.instruments)
    }
    if ending == ".xlsx":
        sheets: dict[str, Any] = read_workbook(file)
    else:
        table = read_csv_table(file)
        sheets = {"instruments": [list(table.header), *(list(row.values()) for _, row in table.rows)]}
    return entries, changes_of(sheets, entries, file.name)


def payload_worth(mission: Mission) -> dict[str, float]:
    """Instrument -> worth for the accommodation: as [payload] worth states, else expected weight of evidence, nats."""
    settings = mission.payload
    if settings.worth:
        return pairs("worth", settings.worth)
    names = [item.name for item in payload_items(mission)]
    known = {name: instrument(name) for name in _water_instruments()}
    weights = evidence_weights(mission.water_rule, mission.water_prior, known, seed=mission.study.seed)
    return {name: round(weights.get(name, 0.0), 3) for name in names}


@_names_its_mission
def payload_programme(
    mission: Mission,
    date: str = "",
    data_day_mbit: dict[str, float] | None = None,
    worth: dict[str, float] | None = None,
) -> Programme:
    """The accommodation problem of a mission.

    Args:
        mission: its [payload] says which instruments, hosts and margins.
        date: of the instruments' state, the latest by default.
        data_day_mbit: host -> data to the ground in 24 h by a contact plan, in place of the host's own number.
        worth: of instruments; `payload_worth` by default.

    Raises: as `lupex.payload.items`, `hosts`, `mounts`, `programme`.
    """
    settings = mission.payload
    carrying = tuple(
        replace(host, data_day_mbit=(data_day_mbit or {}).get(host.name, host.data_day_mbit))
        for host in hosts(settings)
    )
    least = settings.least_of_each_agency
    return programme(
        payload_items(mission, date),
        carrying,
        mounts(settings),
        margin_policy(settings.margin_policy),
        payload_worth(mission) if worth is None else worth,
        Demands(settings.must_ride, (("JAXA", least), ("ISRO", least)), pairs("host_worth", settings.host_worth)),
    )


def payload_fit(mission: Mission, date: str = "") -> Fit:
    """The accommodation of a mission with its proof; see `lupex.payload.fit`.

    Args:
        mission: its [payload]. date: of the instruments' state, the latest by default.
    """
    return fit(payload_programme(mission, date), mission.payload, mission.study.seed)


def payload_study(mission: Mission, sites: Sequence[SiteResult] = ()) -> PayloadStudy | None:
    """Status and accommodation for the report; None where [payload] does not ask for it.

    Args:
        mission: its [payload].
        sites: of the study, best first: the contact plan of the first limits the data of a day where it says how much.
    """
    settings = mission.payload
    if not settings.in_study:
        return None
    data = _data_day_mbit(sites)
    worth = payload_worth(mission)
    source = "as the mission file states" if settings.worth else "expected weight of evidence about water, nats"
    told = "the hosts' own numbers"
    found, impossible = None, ""
    limits = None
    if data is not None:
        # What the antennas could take is not what the rover may store and send: the smaller of the two holds.
        rovers = [host for host in hosts(settings) if host.vehicle == "rover"]
        limits = {host.name: min(data, host.data_day_mbit) for host in rovers}
        name = sites[0].site.candidate.name
        told += f", or what the best antenna takes from {name} where that is less ({data:.0f} Mbit a day)"
    try:
        found = fit(payload_programme(mission, "", limits, worth), settings, mission.study.seed, every=False)
    except NothingLeftError as error:
        impossible = error.what
    laid = _laid(mission, found, worth, sites)
    on_terrain = () if found is None or not sites else _terrain_views(mission, found, sites[0])
    return PayloadStudy(
        terrain_views=on_terrain,
        terrain_site=sites[0].site.candidate.name if on_terrain else "",
        activities=laid[0],
        activities_site=laid[1],
        activities_begin_tdb_s=laid[2],
        status=tuple(payload_status(mission)),
        fit=found,
        impossible=impossible,
        policy=margin_policy(settings.margin_policy).title,
        worth=worth,
        worth_source=source,
        data_source=told,
    )


def _terrain_views(mission: Mission, found: Fit, site: SiteResult) -> tuple[tuple[str, str, float, float, float], ...]:
    """Instrument, mount, and least, mean and largest share of the view on terrain over the headings of its host."""
    by_name = {mount.name: mount for mount in mounts(mission.payload)}
    made = []
    for item in payload_items(mission):
        if item.name in found.assignment and item.view_half_angle_deg > 0.0:
            mount = by_name[found.assignment[item.name]]
            shares = [
                terrain_fraction(
                    item, mount, heading_deg, site.skyline_azimuth_true_deg, site.skyline_elevation_deg, VIEW_RAYS
                )
                for heading_deg in range(0, 360, HEADING_STEP_DEG)
            ]
            made.append((item.name, mount.name, min(shares), sum(shares) / len(shares), max(shares)))
    return tuple(made)


def _laid(
    mission: Mission, found: Fit | None, worth: dict[str, float], sites: Sequence[SiteResult]
) -> tuple[tuple[Activity, ...], str, float]:
    """One hole at the stop for work of the first site that has one and a contact plan: laid, site, begin in TDB s."""
    by_host = {mount.name: mount.host for mount in mounts(mission.payload)}
    rovers = [host for host in hosts(mission.payload) if host.vehicle == "rover"]
    for site in sites if found is not None and rovers else ():
        drive = None if site.drive is None else site.drive.traverse
        stop = None if drive is None else working_stop_s(drive)
        if found is None or drive is None or site.contacts is None or stop is None:
            continue
        carried = {name for name, mount in found.assignment.items() if by_host[mount] == rovers[0].name}
        aboard = [one for one in payload_items(mission) if one.name in carried]
        line = drive_timeline(drive, site.contacts.plan.any_station(), rovers[0], stop[0])
        laid = plan(station_activities(aboard, min(stop[1] - stop[0], SHIFT_S), worth), line)
        return laid, site.site.candidate.name, float(drive.times_tdb_s[0]) + stop[0]
    return (), "", 0.0


def _data_day_mbit(sites: Sequence[SiteResult]) -> float | None:
    """Data that the best antenna of the first site brings down in a day, on average; None where no rate is known."""
    plan = sites[0].contacts if sites else None
    if plan is None:
        return None
    bits = [total.volume_bits for total in plan.totals if math.isfinite(total.volume_bits)]
    days = len(plan.days_utc)
    return max(bits) / 1e6 / days if bits and days else None


def instrument_worth(mission: Mission, worlds: int = 20, running: Running = Running()) -> list[Worth]:
    """The whole payload, then each instrument left out: what the decision about water loses; most lost first.

    Args:
        mission: its rule, prior and payload. worlds: simulated holes per kind of ground. running: how.
    """
    rule, prior, seed = mission.water_rule, mission.water_prior, mission.study.seed
    known = {name: instrument(name) for name in _water_instruments()}
    policy = margin_policy(mission.payload.margin_policy)
    carried = payload_items(mission)
    weights = evidence_weights(rule, prior, known, seed=seed)
    # What looks from orbit has no mount: nothing to accommodate, and it stays when the payload changes.
    landed = [name for name, one in known.items() if "mounts" in one.facts]
    absent = [name for name in landed if name not in {item.name for item in carried}]
    whole = correct_share(rule, prior, known, absent, worlds, seed)
    rows = [Worth(instrument="", lost=0.0, lost_delayed=0.0, weight_nats=sum(weights.values()), mass_kg=0.0, **whole)]
    made = []
    for number_done, item in enumerate(carried, 1):
        without = correct_share(rule, prior, known, [*absent, item.name], worlds, seed)
        lost = whole["correct"] - without["correct"]
        made.append(
            Worth(
                instrument=item.name,
                lost=lost,
                lost_delayed=lost / mission.water.stations,
                weight_nats=weights.get(item.name, 0.0),
                mass_kg=policy.margined(item.mass_kg, item.maturity),
                **without,
            )
        )
        running.progress(number_done, len(carried), "payload without one instrument")
    return rows + sorted(made, key=lambda one: (-one.lost, one.instrument))


def _water_instruments() -> list[str]:
    """Instruments that have a forward model of water."""
    return list(dict.fromkeys(channel.instrument for channel in CHANNELS))


def pairs(key: str, texts: tuple[str, ...]) -> dict[str, float]:
    """name -> number of texts 'name=number' of [payload]. Raises MissionError for any other text, or a name twice."""
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        place = f"[payload] {key} '{text}'"
        if not name.strip() or not value.strip() or name.strip() in found:
            raise MissionError(place, "write name=number, each name once")
        try:
            found[name.strip()] = number(place, float(value), 0.0)
        except ValueError:
            raise MissionError(f"{place}: {value.strip()!r} is no number", "write name=number") from None
    return found
