"""The table of published DEMs, and tables of users: complete, or refused in one line."""

from pathlib import Path

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue import dem_product, dem_products


def test_the_catalogue_names_url_source_licence_and_citation_of_every_dem() -> None:
    products = dem_products()
    assert {"site01", "site04", "site06", "site07", "site11", "site23", "haworth", "dm2"} <= set(products)
    assert {"80s-20m", "80s-80m", "60s-240m", "gdr-80s-20m", "gdr-875s-5m"} <= set(products)
    for product in products.values():
        assert product.url.startswith("https://") and product.citation and product.licence and product.source
        assert product.sha256 == "" or len(product.sha256) == 64
        assert product.cell_m > 0.0 and product.pole in ("south", "north")
    assert products["gdr-80s-20m"].bytes == 30400 * 30400 * 2
    names = [p.url.rsplit("/", 1)[-1] for p in products.values()]
    assert len(set(names)) == len(names)  # they share one cache folder


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[x", "not valid TOML"),
        ('[t]\nsource="s"\n', "no family"),
        ('[t]\n[[t.dem]]\nname="a"\nurll="b"\n', "unknown name 'urll'; did you mean 'url'"),
        ('[t]\n[[t.dem]]\nname="a"\n', "missing"),
        ('[t]\ntitle="t"\nsource="s"\ncitation="c"\nlicence="l"\n[[t.dem]]\nname="a"\nurl="file:///etc"\n', "http"),
    ],
)
def test_a_table_with_a_mistake_is_one_line(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "t.toml").write_text(text)
    with pytest.raises(MissionError, match=word) as caught:
        dem_products(tmp_path / "t.toml")
    assert "\n" not in str(caught.value)


GOOD = (
    'title = "t"\nsource = "s"\ncitation = "c"\nlicence = "l"\n[[t.dem]]\nname = "a"\nurl = "https://x.invalid/a.tif"\n'
)


def test_a_family_states_for_its_products_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_bytes(b"\xef\xbb\xbf[t]\n" + GOOD.encode())
    assert (dem_product("a", tmp_path / "t.toml").licence, dem_product("a", tmp_path / "t.toml").family) == ("l", "t")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ('bytes = "many"\n', "is text; write a whole number"),
        ("bytes = -1\n", "below the smallest"),
        ('sha256 = "abc"\n', "sha256 is no digest"),
        ('label_url = "https://x.invalid/a.tif"\n', "one file name"),
        ('[[t.dem]]\nname = "a"\nurl = "https://x.invalid/b.tif"\n', "two DEMs named 'a'"),
    ],
)
def test_a_product_that_cannot_be_is_one_line(tmp_path: Path, more: str, word: str) -> None:
    (tmp_path / "t.toml").write_text("[t]\n" + GOOD + more)
    with pytest.raises(MissionError, match=word):
        dem_products(tmp_path / "t.toml")


def test_a_table_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_bytes(b"[mine]\nsource = 'universit\xe9'\n")
    with pytest.raises(MissionError, match="line 2: not UTF-8 text"):
        dem_products(tmp_path / "t.toml")
