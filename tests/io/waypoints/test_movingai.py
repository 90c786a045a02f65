"""Maps and scenarios in the MovingAI format."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import read_movingai_map, read_movingai_scenarios

MAP = "type octile\nheight 3\nwidth 5\nmap\n..@GS\n.TTW.\nOO...\n"


def written(tmp_path, text, name="a.map"):
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_map_says_where_one_may_walk(tmp_path, newline):
    path = tmp_path / "a.map"
    path.write_bytes(MAP.replace("\n", newline).encode())
    expected = [[1, 1, 0, 1, 1], [1, 0, 0, 0, 1], [0, 0, 1, 1, 1]]
    assert np.array_equal(read_movingai_map(path), np.array(expected, bool))


def test_scenarios_give_cells_as_row_and_column(tmp_path):
    text = "version 1\n0\tmaps/a.map\t49\t40\t1\t11\t1\t12\t1\n0\ta.map\t49\t40\t1\t13\t4\t12\t3.41421\n\n"
    first, second = read_movingai_scenarios(written(tmp_path, text, "a.scen"))
    assert (first.start, first.goal, first.optimal_length) == ((11, 1), (12, 1), 1.0)
    assert (second.bucket, second.map_name, second.size) == (0, "a.map", (40, 49))
    assert (second.start, second.goal, second.optimal_length) == ((13, 1), (12, 4), 3.41421)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type hex\nheight 1\nwidth 1\nmap\n.\n", "no MovingAI map"),
        ("", "no MovingAI map"),
        (MAP.replace("height 3", "height 4"), "3 rows, its header says 4 rows of 5"),
        (MAP.replace(".TTW.", ".TTW"), "4 characters in line 6"),
        (MAP.replace("height 3", "height x"), "height is 'x'"),
        (MAP.replace("W", "q"), "unknown character 'q'"),
        (MAP.replace("W", "ä"), "not a text file"),
    ],
)
def test_a_map_that_cannot_be_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_movingai_map(written(tmp_path, text))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0\ta.map\t5\t3\t0\t0\t4\t2", "line 2: 8 fields"),
        ("0\ta.map\t5\t3\t0\t0\t5\t2\t4", "line 2: a cell off the map"),
        ("0\ta.map\t5\t3\t0\tx\t4\t2\t4", "line 2: invalid literal"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(tmp_path, line, said):
    with pytest.raises(InputError, match=said):
        read_movingai_scenarios(written(tmp_path, f"version 1\n{line}\n"))
    with pytest.raises(InputError, match="the first line is: version 1"):
        read_movingai_scenarios(written(tmp_path, line))
    with pytest.raises(InputError, match="cannot read"):
        read_movingai_scenarios(tmp_path / "none.scen")
