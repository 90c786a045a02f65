"""The syntax of PDS3 labels, read by `pvl` within bounds: what would keep it busy for ever is refused."""

import re
import warnings
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.gate import printable

_MOST_STATEMENTS = 2000
"""Far above any label of a gridded product (some 100); the parser's time grows with their square."""
_LONGEST_WORD = re.compile(rb"[^\s\"',=(){}<>]{251}")
"""More characters in one piece than any name or number has; the parser's time grows with their square."""


class BasedInteger(int):
    """An ODL integer written with its base: the bits of a sample, not yet a number."""


def label_entries(path: Path, label: bytes) -> dict[str, Any]:
    """KEY -> value of the image and its projection; the first mention of a key wins.

    Args:
        path: named in errors.
        label: bytes of the label, with what stands behind its END.

    Raises InputError for what is no label, or would be endless work.
    """
    end = re.search(rb"^[ \t]*END[ \t]*\r?$", label, re.M)
    text = label[: end.end()] if end else label.split(b"\0", 1)[0]
    if text.count(b"=") > _MOST_STATEMENTS or _LONGEST_WORD.search(text):
        found = f"over {_MOST_STATEMENTS} statements, or a word of over 250 characters"
        raise InputError(f"{path}: is no PDS3 label ({found})", "fetch it again")
    entries: dict[str, Any] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pvl  # type: ignore[import-untyped]

            found = pvl.loads(text.decode("ascii", errors="replace"), parser=_parser())
        _flatten(found, entries, compressed=False)
    except RecursionError:
        raise InputError(f"{path}: is no PDS3 label (nested too deeply)", "fetch it again") from None
    except Exception as error:  # the parser raises many kinds for what is no label
        reason = printable(" ".join(str(error).split()))
        raise InputError(f"{path}: the label cannot be read ({reason})", "fetch it again") from error
    return entries


def _flatten(block: Any, entries: dict[str, Any], compressed: bool) -> None:
    for key, value in block.items():
        if hasattr(value, "items"):
            _flatten(value, entries, compressed or key == "COMPRESSED_FILE")
        else:
            entries.setdefault(str(key), value)
            if compressed:
                entries.setdefault(f"COMPRESSED_{key}", value)


def _parser() -> Any:
    from pvl.decoder import OmniDecoder  # type: ignore[import-untyped]
    from pvl.parser import OmniParser  # type: ignore[import-untyped]

    class Decoder(OmniDecoder):  # type: ignore[misc, unused-ignore]
        """Keeps apart what is written with a base: pvl makes 32768 of ``16#8000#``, which as a sample is -32768."""

        def decode_non_decimal(self, value: str) -> int:
            return BasedInteger(super().decode_non_decimal(value))

    class Parser(OmniParser):  # type: ignore[misc, unused-ignore]
        """Ends where pvl goes round for ever: a second equals sign behind a value, as in ``A = "b c" = 1``."""

        def parse_module_post_hook(self, module: Any, tokens: Any) -> Any:
            before = _ahead(tokens)
            module, go_on = super().parse_module_post_hook(module, tokens)
            if go_on and before is _ahead(tokens):
                raise ValueError("a statement with two equals signs")
            return module, go_on

    return Parser(decoder=Decoder())


def _ahead(tokens: Any) -> Any:
    """The token that comes next, put back; None at the end."""
    token = next(tokens, None)
    if token is not None:
        tokens.send(token)
    return token
