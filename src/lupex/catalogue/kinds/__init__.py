"""The kinds of entries there are: to add one, write its file here and name it in `KINDS`."""

from lupex.base.errors import MissionError
from lupex.catalogue.keys import Kind
from lupex.catalogue.kinds.lander import LANDER
from lupex.catalogue.kinds.launcher import LAUNCHER
from lupex.catalogue.kinds.payload import HOST, INSTRUMENT, MARGIN_POLICY, MOUNT
from lupex.catalogue.kinds.radio import RADIO
from lupex.catalogue.kinds.rover import ROVER
from lupex.catalogue.kinds.station import STATION
from lupex.catalogue.names import suggestion

REGOLITH = Kind(noun="regolith", folder="regolith")
SITE_RULES = Kind(noun="site rule", folder="site_rules", closed=False)

KINDS = (LANDER, ROVER, STATION, RADIO, INSTRUMENT, HOST, MOUNT, MARGIN_POLICY, REGOLITH, SITE_RULES, LAUNCHER)
"""Every kind of entry whose facts stand in one file each."""


def kind_of(name: str) -> Kind:
    """The kind of a noun or folder ('station', 'stations', 'site rule', 'site_rules'). Raises MissionError."""
    wanted = name.lower().replace(" ", "_")
    for kind in KINDS:
        if wanted in (kind.folder, kind.noun.replace(" ", "_")):
            return kind
    raise MissionError(f"the catalogue has no kind '{name}'", suggestion(name, [kind.noun for kind in KINDS]))
