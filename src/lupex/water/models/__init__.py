"""What each instrument would read of a ground: one table of channels, their instruments and nuisance parameters."""

from lupex.water.models.channels import CHANNELS as CHANNELS
from lupex.water.models.channels import Channel as Channel
from lupex.water.models.channels import channel as channel
from lupex.water.models.facts import Instrument as Instrument
from lupex.water.models.facts import instrument as instrument
from lupex.water.models.facts import instrument_names as instrument_names
from lupex.water.models.measurement import Look as Look
from lupex.water.models.measurement import Measurement as Measurement
from lupex.water.models.measurement import Nuisances as Nuisances
from lupex.water.models.measurement import Truth as Truth
