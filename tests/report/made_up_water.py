"""Made-up simulated holes and a made-up survey for water; numbers mean nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lupex.base.frames import lat_lon_deg
from lupex.model import Grid, LightMap, Terrain
from lupex.results.water import WaterPlaces, WaterSurvey
from lupex.water import GroundPrior, HoleTrials, Rule
from lupex.water.field.survey import HolePlan, Station, Survey
from lupex.water.field.trials import DRY_RATE_ERROR, KINDS, ChannelInput, HoleTrial, Variant
from lupex.water.inference.worlds import ErrorRates

if TYPE_CHECKING:
    from tests.report.made_up_study import Digits

WORLDS = 60
VARIANTS = (("level_wt_percent", 0.25), ("bayes_factor", 100.0), ("dry_rate_shift", 0.1), (DRY_RATE_ERROR, -0.05))


def made_up_rates(yes: int) -> ErrorRates:
    """``yes`` of 60 holes of every kind confirmed, half of the others absent."""
    no = (WORLDS - yes) // 2
    counts = {(kind, "confirmed"): yes for kind in KINDS} | {(kind, "absent"): no for kind in KINDS}
    left = {(kind, "undecided"): WORLDS - yes - no for kind in KINDS}
    return ErrorRates(counts | left, dict.fromkeys(KINDS, WORLDS))


def made_up_trials() -> HoleTrials:
    """Two ways to work, four variants, two channels."""
    weights = dict(zip(KINDS, (0.5, 0.1, 0.05, 0.05, 0.2, 0.07, 0.03), strict=True))
    plans = tuple(
        HoleTrial(depths_m=depths, hours=7.3 * len(depths), energy_wh=310.0 * len(depths), rates=made_up_rates(20))
        for depths in ((1.4,), (0.7, 1.4))
    )
    channel = ChannelInput(
        name="nss", title="Neutron counts", owner="NASA", quantity="count rate", specific=False, stand_ins=3, facts=11
    )
    variants = tuple(
        Variant(name=name, value=value, rates=made_up_rates(10 + n), weights=weights)
        for n, (name, value) in enumerate(VARIANTS)
    )
    return HoleTrials(
        rule=Rule(), prior=GroundPrior(), seed=5, plans=plans, chosen=plans[0], weights=weights, variants=variants,
        inputs=(channel, replace(channel, name="triton", title="Mass spectrometer of evolved gas", specific=True)),
    )  # fmt: skip


def made_up_survey(name: str, terrain: Terrain, stations: int = 2) -> WaterSurvey:
    """A survey on a lattice around the middle of a map."""
    grid = terrain.grid
    x0, y0 = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.top_m + grid.bottom_m)
    dx, dy = (part.ravel() for part in np.meshgrid(*(np.arange(-2, 3) * 700.0,) * 2))
    x, y = x0 + dx, y0 + dy
    lat, lon = lat_lon_deg(x, y, grid.pole)
    share = np.hypot(dx, dy) / 2000.0
    places = WaterPlaces(
        x_m=x, y_m=y, lat_deg=lat, lon_deg=lon, slope_deg=4.0 + share, max_k=90.0 + 90.0 * share, mean_k=70.0 + share,
        stability_depth_m=np.where(share < 0.6, 0.1 + share, np.inf), ice_probability=0.3 - 0.2 * share,
        present=0.25 - 0.2 * share,
    )  # fmt: skip
    plan = HolePlan(depths_m=(1.4,), hours=7.3, energy_wh=310.0, right_yes=0.96, right_no=0.94, wrong_yes=0.001,
                    wrong_no=0.002, value=0.6, worlds=WORLDS)  # fmt: skip
    best = np.argsort(-places.present)[:stations]
    chosen = tuple(
        Station(number=int(n), value=0.6 - 0.1 * rank, prior=float(places.present[n])) for rank, n in enumerate(best)
    )
    survey = Survey(plans=(plan,), chosen=plan, stations=chosen, confirmed=0.42, absent=0.31, undecided=0.27,
                    alike_confirmed=0.24, alike_absent=0.7,
                    marginal=tuple(np.cumsum([one.value for one in chosen]).tolist()))  # fmt: skip
    numbers = {
        "stations": stations, "places": x.size, "places_with_stable_ice": 9, "stable_fraction": 0.36,
        "best_probability": 0.25, "survey_hours": 7.3 * stations, "survey_energy_wh": 310.0 * stations,
    }  # fmt: skip
    return WaterSurvey(
        name=name, lat_deg=float(lat_lon_deg(x0, y0, grid.pole)[0]), lon_deg=float(lat_lon_deg(x0, y0, grid.pole)[1]),
        terrain=terrain, places=places, survey=survey, drift_k_per_year=0.02, notes=("Everything is made up.",),
        maps=_maps(terrain), numbers=numbers,
    )  # fmt: skip


def _maps(terrain: Terrain) -> LightMap:
    old = terrain.grid
    grid = Grid(old.pole, 16, 16, old.cell_m * old.cols / 16, old.left_m, old.top_m)
    row, col = np.indices(grid.shape)
    layers = {"water_probability": 0.01 * (row + col), "ice_depth_m": 0.1 * row}
    return LightMap(
        grid=grid, layers={name: layer.astype(np.float32) for name, layer in layers.items()},
        meanings={"water_probability": "chance of water", "ice_depth_m": "depth of stable ice"}, span_utc=("", ""),
        observer_height_m=0.0, synthetic_below_m=terrain.synthetic_below_m,
    )  # fmt: skip


class SpelledRates(ErrorRates):
    """Rates whose shares are spelled, the same for every kind, so that means over kinds are spelled too."""

    def share(self, kinds: Sequence[str], answer: str) -> tuple[float, float, float]:
        return self.counts["all", answer]  # type: ignore[return-value]


def _spelled_rates(digits: "Digits") -> SpelledRates:
    shares = {("all", answer): digits.value((0.5, 0.5, 0.5)) for answer in ("confirmed", "absent", "undecided")}
    return SpelledRates(shares, dict.fromkeys(KINDS, digits.value(WORLDS)))


def respelled_trials(trials: HoleTrials, digits: "Digits", respelled: Callable[[Any, "Digits"], Any]) -> HoleTrials:
    """Rates, weights, changed inputs, effort, rule and channels spelled."""
    weights = digits.value(dict(trials.weights))
    rate = dict(trials.weights) | {kind: weights[kind] for kind in trials.weights}
    return replace(
        trials, rule=respelled(trials.rule, digits), prior=respelled(trials.prior, digits), weights=rate,
        chosen=replace(
            trials.chosen, depths_m=digits.value(trials.chosen.depths_m), hours=digits.value(trials.chosen.hours),
            energy_wh=digits.value(trials.chosen.energy_wh), rates=_spelled_rates(digits),
        ),
        variants=tuple(
            replace(one, value=digits.value(one.value), rates=_spelled_rates(digits)) for one in trials.variants
        ),
        inputs=tuple(respelled(one, digits) for one in trials.inputs),
    )  # fmt: skip


def respelled_survey(found: WaterSurvey, digits: "Digits", respelled: Callable[[Any, "Digits"], Any]) -> WaterSurvey:
    """Everything that is printed spelled; where places lie on the map stays."""
    places = replace(
        found.places,
        **{name: digits.table(getattr(found.places, name)) for name in ("lat_deg", "lon_deg", "max_k", "mean_k")},
        stability_depth_m=digits.table(found.places.stability_depth_m),
    )
    plan = respelled(found.survey.chosen, digits)
    plan = replace(plan, energy_wh=plan.hours * digits.value(42.0))  # their ratio is printed as the power
    stations = tuple(
        replace(one, value=digits.value(one.value), prior=digits.value(one.prior)) for one in found.survey.stations
    )
    survey = replace(
        found.survey, chosen=plan, stations=stations, confirmed=digits.value(0.42), absent=digits.value(0.31),
        undecided=digits.value(0.27), alike_confirmed=digits.value(0.24), alike_absent=digits.value(0.7),
    )  # fmt: skip
    return replace(
        found, name=digits.text(found.name), places=places, survey=survey, numbers=digits.value(dict(found.numbers)),
        notes=digits.value(found.notes), maps=respelled(found.maps, digits),
    )  # fmt: skip
