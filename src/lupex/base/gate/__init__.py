"""The gate every reader lets a user's file through: its size, its encoding, the names and the numbers in it.

Formats differ, what can be wrong with a file does not. Readers ask here, so that a new format is as strict as the
old ones from its first line on. Errors are one line that names the file, the place in it, and what to do.
"""

from lupex.base.gate.files import (
    LARGEST_TEXT_BYTES,
    decoded,
    file_bytes,
    file_json,
    file_text,
    input_error,
    json_value,
    names_its_file,
)
from lupex.base.gate.values import (
    LONGEST_NAME,
    count,
    file_stem,
    is_same_file,
    near,
    number,
    numbers_checked,
    plain_name,
    printable,
    unique,
)

__all__ = [
    "LARGEST_TEXT_BYTES", "LONGEST_NAME", "count", "decoded", "file_bytes", "file_json", "file_stem", "file_text",
    "input_error", "is_same_file", "json_value", "names_its_file", "near", "number", "numbers_checked",
    "plain_name", "printable", "unique",
]  # fmt: skip
