"""Is there water? What instruments would read, what their readings say together, and where to look next."""

from lupex.water.ground import Ground as Ground
from lupex.water.ground import ground as ground
from lupex.water.models import CHANNELS as CHANNELS
from lupex.water.models import Channel as Channel
from lupex.water.models import Instrument as Instrument
from lupex.water.models import Look as Look
from lupex.water.models import Measurement as Measurement
from lupex.water.models import channel as channel
from lupex.water.models import instrument as instrument
from lupex.water.models import instrument_names as instrument_names
from lupex.water.models.neutrons import detection_time_s as detection_time_s
from lupex.water.models.neutrons import uniform_rate_cps as uniform_rate_cps
from lupex.water.models.neutrons import uniform_water as uniform_water
