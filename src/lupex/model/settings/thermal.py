"""Settings of temperatures and ice: [thermal]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class ThermalSettings:
    """[thermal]: how warm the ground is and where ice lasts."""

    maps: bool = setting(True, "maps of temperature and ice of the region and of every site")
    regolith: str = setting(
        "hayne2017",
        "entry of the catalogue (hayne2017, martinez_siegler, mare, chaste, ...) or the path of a file of that form",
        "Hayne et al. 2017, JGR Planets 122, 2371",
        catalogue="regolith",
    )
    constant_albedo: bool = setting(
        False, "the same albedo at every angle of incidence; otherwise it rises at grazing light", "Keihm 1984"
    )
    region_cells: int = setting(
        40_000, "the regional map is averaged to at most this many cells", minimum=400, maximum=1_000_000
    )
    site_cells: int = setting(4_096, "the map of a site likewise", minimum=400, maximum=1_000_000)
