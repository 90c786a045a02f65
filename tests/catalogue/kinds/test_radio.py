"""Radios: the catalogue, files of the user, what is refused."""

import pytest

from lupex.base.errors import InputError
from lupex.catalogue import radio, radio_names
from lupex.signals.budgets.coding import codes


@pytest.mark.parametrize("name", radio_names())
def test_every_radio_names_the_source_of_every_number(name):
    known = radio(name)
    assert known.name == name
    for fact in known.facts:
        assert len(fact.source) > 8 and len(fact.meaning) > 4, fact
    assert {known.coding, known.command_coding} <= {None, *codes()}


def test_unpublished_numbers_of_lupex_are_marked_as_stand_ins():
    for name in ("lupex_rover_hga", "lupex_rover_lga", "lupex_lander", "lupex_rover_surface", "lupex_lander_surface"):
        facts = {fact.key: fact.source for fact in radio(name).facts}
        for key in ("tx_power_w", "tx_gain_dbi", "data_rates_bps", "frequency_down_hz"):
            assert facts[key].startswith("assumption"), (name, key)


def test_the_receiver_of_lev_1_is_as_published():
    lev1 = radio("lev1")
    assert (lev1.frequency_up_hz, lev1.rx_gain_dbi, lev1.rx_noise_k) == (435e6, 3.0, 461.3)
    assert lev1.tx_power_w is None and "tx_power_w" in lev1.unpublished


def test_a_file_changes_one_number_and_keeps_the_rest(tmp_path):
    (tmp_path / "mine.toml").write_text('like = "lupex_rover_hga"\n[facts]\ntx_power_w = 5\n', encoding="utf-8")
    mine = radio("mine.toml", tmp_path)
    assert (mine.name, mine.tx_power_w, mine.tx_gain_dbi) == ("mine", 5.0, radio("lupex_rover_hga").tx_gain_dbi)
    assert next(fact for fact in mine.facts if fact.key == "tx_power_w").source == "given in mine.toml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[facts]\nband = "X"\ntx_powr_w = 5\n', "did you mean 'tx_power_w'"),
        ('[facts]\nband = "Q"\n', "band 'Q' is unknown"),
        ("[facts]\ntx_power_w = 5\n", "'band' is missing"),
        (
            '[facts]\nband = "X"\ntx_power_w = -5\n',
            "[facts.tx_power_w]: -5.0 is below the smallest",
        ),
        ('[facts]\nband = "X"\ntx_power_w = nan\n', "nan is not a finite number"),
        ('[facts]\nband = "X"\ntx_power_w = "5"\n', "'5' is text; write a number"),
        ('[facts]\nband = "X"\ndown_loop_hz = 0\n', "0.0 is below the smallest"),
        ('[facts]\nband = "X"\npattern = "gaussian"\n', "has no beamwidth_deg"),
        ('[facts]\nband = "X"\ndata_rates_bps = [2.0, 1.0]\n', "do not rise"),
        ("[facts]\nband = 3\n", "3 is a whole number; write text in quotes"),
        ('band = "X"\n', "unknown name 'band'"),
        ('like = "mine.toml"\n', "leads back to itself"),
        ("facts = [", "not valid TOML"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path, text, message):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="mine.toml") as caught:
        radio("mine.toml", tmp_path)
    assert message in str(caught.value)


def test_an_unknown_radio_gets_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'lupex_rover_hga'"):
        radio("lupex_rover_hg")
    with pytest.raises(InputError, match="radio file nowhere.toml: no such file; check the path"):
        radio("nowhere.toml")
