"""The table of channels: one row per way to ask the ground for water.

A channel predicts what its instrument reads (`predict`, with the noise of one reading), says how likely a reading is
for any ground with its nuisance parameters kept apart or marginalised (`log_likelihood`), and draws readings of
simulated ground (`draw`). All three share one model, so that error rates by simulation test the very likelihood that
decides.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models import analysers, infrared, neutrons, orbital_maps, orbital_radar, probes, sounding
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth

Predict = Callable[[Instrument, Ground, Look], F64]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to ask.

    Attributes:
        name: of the channel. instrument: its file in the catalogue. title: for people.
        quantity, unit: of what is predicted.
        at_depth: whether it needs a hole and looks at a depth.
        specific: whether it speaks for the water molecule itself, as the rule of decision asks.
        sample: whether it uses up a sample of the auger.
        predict, sigma: expected reading and the noise of one.
        log_likelihood: ln density of a measurement for every ground, axes as `AXES` says.
        draw: a simulated measurement.
        nuisances: what is not known and marginalised. valid: where the model holds. source: of the model.
        needs: names of the values a measurement must hold.
        orbital: whether it was measured from orbit and costs the rover nothing.
    """

    name: str
    instrument: str
    title: str
    quantity: str
    unit: str
    at_depth: bool
    specific: bool
    sample: bool
    predict: Predict
    sigma: Predict
    log_likelihood: Callable[[Instrument, Ground, Measurement, Nuisances], F64]
    draw: Callable[[Instrument, Ground, Look, Truth, np.random.Generator], Measurement]
    nuisances: tuple[str, ...]
    valid: str
    source: str
    needs: tuple[str, ...]
    orbital: bool = False


_OVEN = ("ice lost on the way, shared by the analysers of a sample", "blank, shared by all samples", "bound water")


def _oven(name: str, instrument: str, title: str, specific: bool, source: str, needs: tuple[str, ...]) -> Channel:
    return Channel(
        name=name, instrument=instrument, title=title, quantity="reading", unit="wt%", at_depth=True, specific=specific,
        sample=True, predict=analysers.reading_wt_percent, sigma=analysers.reading_sigma,
        log_likelihood=analysers.likelihood, draw=partial(analysers.draw, name), nuisances=_OVEN,
        valid="0 to 30 wt%", source=source, needs=needs,
    )  # fmt: skip


def _radar(name: str, title: str) -> Channel:
    return Channel(
        name=name, instrument=name, title=title, quantity="circular polarisation ratio", unit="1", at_depth=False,
        specific=False, sample=False, predict=orbital_radar.ratio, sigma=orbital_radar.ratio_sigma,
        log_likelihood=orbital_radar.likelihood, draw=partial(orbital_radar.draw, name), nuisances=("share of stones",),
        valid="pixels of tens of metres or more; one value for the place",
        source="nine polar places (secondary, one source); response to ice: assumption", needs=("cpr",),
        orbital=True,
    )  # fmt: skip


CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="nss", instrument="nss", title="Neutron counts", quantity="count rate", unit="cps", at_depth=False,
        specific=False, sample=False, predict=neutrons.rate_cps, sigma=neutrons.rate_sigma_cps,
        log_likelihood=neutrons.log_likelihood, draw=neutrons.draw,
        nuisances=("dry rate, shared by all stations", "shape of the ground", "bound hydrogen"),
        valid="dry ground over wet or uniform; hydrogen, not water", source="vipersci 0.11.0, nss.uniform_weh",
        needs=("counts", "dead_time_s"),
    ),
    Channel(
        name="nir_surface", instrument="alis", title="Near-infrared bands of the surface",
        quantity="depth of the 2.0 um band", unit="1", at_depth=False, specific=True, sample=False,
        predict=infrared.surface_band, sigma=infrared.band_sigma, log_likelihood=infrared.surface_likelihood,
        draw=infrared.draw_surface, nuisances=("strength of the bands", "continuum", "bound water"),
        valid="millimetres of the surface, 0 to 30 wt%", source="three bands: Li et al. 2018; strengths: assumption",
        needs=("band_depths",),
    ),
    Channel(
        name="nir_cuttings", instrument="alis", title="Near-infrared bands of drill cuttings",
        quantity="depth of the 2.0 um band", unit="1", at_depth=True, specific=True, sample=False,
        predict=infrared.cuttings_band, sigma=infrared.band_sigma, log_likelihood=infrared.cuttings_likelihood,
        draw=infrared.draw_cuttings, nuisances=("strength of the bands", "continuum", "ice lost", "bound water"),
        valid="cuttings fresh from the hole, 0 to 30 wt%", source="three bands: Li et al. 2018; strengths: assumption",
        needs=("band_depths",),
    ),
    Channel(
        name="gpr", instrument="gpr", title="Ground-penetrating radar", quantity="reflection coefficient", unit="1",
        at_depth=False, specific=False, sample=False, predict=sounding.reflection, sigma=sounding.reflection_sigma,
        log_likelihood=sounding.reflection_likelihood, draw=sounding.draw_reflection,
        nuisances=("layers and stones of dry ground",), valid="sharp top of the ice within the range",
        source="Carrier 1991; Lichtenecker's mixture", needs=("reflection", "reflector_depth_m"),
    ),
    Channel(
        name="permittivity", instrument="prathima", title="Permittivity probe", quantity="relative permittivity",
        unit="1", at_depth=True, specific=False, sample=False, predict=sounding.permittivity,
        sigma=sounding.permittivity_sigma, log_likelihood=sounding.permittivity_likelihood,
        draw=sounding.draw_permittivity, nuisances=("density of the ground",), valid="ice in pores, up to 30 wt%",
        source="Carrier 1991; Lichtenecker's mixture", needs=("permittivity",),
    ),
    Channel(
        name="thermal_probe", instrument="prathima", title="Thermal probe", quantity="thermal conductivity",
        unit="W/m/K", at_depth=True, specific=False, sample=False, predict=probes.conductivity,
        sigma=probes.conductivity_sigma, log_likelihood=probes.conductivity_likelihood, draw=probes.draw_conductivity,
        nuisances=("conductivity of dry ground", "contact of the ice"), valid="20 to 400 K",
        source="Hayne et al. 2017; Klinger 1980 for ice; contact: assumption", needs=("conductivity_w_m_k",),
    ),
    Channel(
        name="drill", instrument="auger", title="Energy of a bite of the auger", quantity="energy per 10 cm", unit="J",
        at_depth=True, specific=False, sample=False, predict=probes.bite_energy_j, sigma=probes.bite_energy_sigma_j,
        log_likelihood=probes.bite_likelihood, draw=probes.draw_bite,
        nuisances=("share of stones", "dry ground"), valid="0 to 15 wt%",
        source="bite of TRIDENT (secondary); growth with ice: assumption", needs=(),
    ),
    _oven("ltga", "ltga", "Thermogravimetry", False, "m = w m_s kept (minimal model, assumption)", ("mass_loss_g",)),
    _oven("triton", "triton", "Mass spectrometer of evolved gas", True, "minimal model, assumption",
          ("water_wt_percent",)),
    _oven("adore", "adore", "Laser absorption of evolved gas", True, "minimal model, assumption",
          ("water_wt_percent",)),
    Channel(
        name="ems_l", instrument="ems_l", title="Gas over the hole", quantity="count rate of mass 18", unit="cps",
        at_depth=True, specific=False, sample=False, predict=analysers.gas_cps, sigma=analysers.gas_sigma_cps,
        log_likelihood=analysers.gas_likelihood, draw=analysers.draw_gas,
        nuisances=("outgassing of the rover", "sensitivity"), valid="while the hole is fresh",
        source="minimal model, assumption", needs=("counts",),
    ),
    _radar("dfsar", "L-band radar of Chandrayaan-2"),
    _radar("mini_rf", "S-band radar of LRO"),
    Channel(
        name="orbital_hydrogen", instrument="lpns", title="Hydrogen of an orbital neutron map",
        quantity="water-equivalent hydrogen", unit="wt%", at_depth=False, specific=False, sample=False,
        predict=orbital_maps.hydrogen_wt_percent, sigma=orbital_maps.hydrogen_sigma,
        log_likelihood=orbital_maps.hydrogen_likelihood, draw=orbital_maps.draw_hydrogen,
        nuisances=("a place about its pixel",), valid="pixels of kilometres; 0 to 30 wt%",
        source="LPNS: Eke et al. 2009, Teodoro et al. 2014; spread about a pixel: assumption",
        needs=("hydrogen_wt_percent",), orbital=True,
    ),
    Channel(
        name="orbital_ice", instrument="m3", title="Ice at the surface of an orbital infrared map",
        quantity="probability that a pixel shows ice", unit="1", at_depth=False, specific=False, sample=False,
        predict=orbital_maps.seen_probability, sigma=orbital_maps.seen_sigma,
        log_likelihood=orbital_maps.seen_likelihood, draw=orbital_maps.draw_seen,
        nuisances=("a pixel that shows nothing or shows it wrongly",), valid="pixels of hundreds of metres",
        source="Li et al. 2018; shares of right and wrong pixels: assumption", needs=("ice_seen",), orbital=True,
    ),
)  # fmt: skip
"""Every channel, in the order in which reports list them."""

_BY_NAME = {channel.name: channel for channel in CHANNELS}

_ALSO = {
    "alis": "nir_surface",
    "nir": "nir_surface",
    "ns": "nss",
    "prathima": "permittivity",
    "auger": "drill",
    "emsl": "ems_l",
    "minirf": "mini_rf",
    "lpns": "orbital_hydrogen",
    "lend": "orbital_hydrogen",
    "m3": "orbital_ice",
}
"""Other names of channels: instruments and spellings."""


def channel(name: str, place: str = "") -> Channel:
    """The channel of this name, or the first one of an instrument of this name.

    Raises: InputError naming ``place`` and the nearest right name.
    """
    key = name.strip().lower().replace("-", "_")
    key = _ALSO.get(key, key)
    if key not in _BY_NAME:
        near = difflib.get_close_matches(key, [*_BY_NAME, *_ALSO], n=1, cutoff=0.5)
        fix = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(_BY_NAME)}"
        raise InputError(f"{place + ': ' if place else ''}unknown instrument '{name}'", fix)
    return _BY_NAME[key]
