"""PDS4 labels: checked before GDAL follows them, and what they say of samples without data.

GDAL reads image and projection from the label. The special constants are read here, because as bits (16#8000#,
0x8000) they come out of GDAL 3.10 as 0 or 16, and every height of 0 m would vanish.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from lupex.base.errors import InputError
from lupex.base.gate import file_bytes, printable
from lupex.io.dem.pds3 import text_as_sample

_LARGEST_XML = 10_000_000


@dataclass(frozen=True)
class Pds4Label:
    """A label of an observation: the files it names, and its special constants as (name, text)."""

    path: Path
    files: tuple[Path, ...]
    constants: tuple[tuple[str, str], ...]

    def nodata(self, dtype: str) -> tuple[float, ...]:
        """Values of samples of numpy type ``dtype`` that mean no data. Raises InputError for a senseless constant."""
        kind = f"<{np.dtype(dtype).kind}{np.dtype(dtype).itemsize}"
        return tuple(text_as_sample(self.path, name, text, kind) for name, text in self.constants)


def read_pds4_label(path: Path) -> Pds4Label:
    """The label, sure to name only files in its own folder that are no instructions to read others.

    Args:
        path: of the file.

    Raises InputError when it is none, or names something else.
    """
    content = file_bytes(path, _LARGEST_XML)
    text = content.decode("utf-8", errors="replace")
    if "<VRTDataset" in text or "<!ENTITY" in text or "Product_Observational" not in text:
        raise InputError(f"{path}: is XML, but no PDS4 label of an observation", "name the PDS4 label of a raster")
    files = []
    for name in re.findall(r"<(?:\w+:)?file_name>\s*([^<]*?)\s*</(?:\w+:)?file_name>", text):
        if "/" in name or "\\" in name or name.startswith("."):
            raise InputError(f"{path}: names the file '{printable(name)}'", "it must lie in the label's own folder")
        if not (path.parent / name).is_file():
            raise InputError(f"{path}: its file {printable(name)} is not beside it", "put the two into one folder")
        with open(path.parent / name, "rb") as stream:
            if b"<VRTDataset" in stream.read(4096):
                fix = "bring the raster it points to"
                raise InputError(f"{path}: its file {printable(name)} is a virtual raster", fix)
        files.append(path.parent / name)
    return Pds4Label(path, tuple(files), _constants(path, content))


def _constants(path: Path, content: bytes) -> tuple[tuple[str, str], ...]:
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{path}: is no whole XML ({printable(str(error))})", "fetch it again") from None
    found = []
    for block in root.iter():
        if block.tag.rsplit("}", 1)[-1] == "Special_Constants":
            for constant in block:
                name = constant.tag.rsplit("}", 1)[-1]
                if name.endswith("_constant"):  # valid_minimum and the like are no constants
                    found.append((name, (constant.text or "").strip()))
    return tuple(dict.fromkeys(found))
