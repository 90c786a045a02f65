"""A Yamcs server of one's own: configuration, dictionary and timeline, written for a server started beside lupex."""

from lupex.ops.yamcs.settings import YamcsSettings
from lupex.ops.yamcs.write import write_yamcs

__all__ = ["YamcsSettings", "write_yamcs"]
