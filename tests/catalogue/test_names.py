"""Wrong names: of many known ones only the nearest are listed."""

from lupex.catalogue.names import MOST_LISTED, suggestion


def test_few_known_names_are_all_listed_and_of_many_the_nearest():
    assert suggestion("zzzz", ["one", "two"]) == "known names: one, two"
    many = [f"key_{n}" for n in range(80)]
    said = suggestion("something_else", many)
    assert said.startswith("nearest of 80 known names: ")
    assert said.count(",") == MOST_LISTED // 2 - 1
