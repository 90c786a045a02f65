"""Plain tables as YAML: mappings, lists, words and numbers, which is all a configuration holds."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def yaml_text(value: Any, indent: int = 0) -> str:
    """A table or list as block YAML, words in JSON's quotes.

    Args:
        value: mapping with text keys, list, text, number, truth value or None. indent: blanks before each line.
    """
    blank = " " * indent
    if isinstance(value, Mapping) and value:
        return "".join(f"{blank}{key}:{_after(one, indent + 2)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        lines = []
        for one in value:
            text = yaml_text(one, indent + 2)
            lines.append(f"{blank}- {text.lstrip()}" if isinstance(one, Mapping | list | tuple) else f"{blank}- {text}")
        return "".join(lines)
    return f"{json.dumps(value)}\n"


def _after(value: Any, indent: int) -> str:
    nested = isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))
    return f"\n{yaml_text(value, indent)}" if nested and value else f" {yaml_text(value)}"
