"""Records of instruments, hosts and mounts: what is complete, and what is refused with the owner's name."""

import pytest

from lupex.base.errors import InputError, MissionError, UnpublishedError
from lupex.model.settings.payload import PayloadSettings
from lupex.payload import hosts, items, margin_policy, mounts


def written(folder, name, text):
    path = folder / f"{name}.toml"
    path.write_text(text)
    return str(path)


def test_the_default_payload_is_complete_and_its_mounts_stand_on_its_hosts():
    settings = PayloadSettings()
    made = items(settings)
    assert {item.agency for item in made} == {"JAXA", "ISRO", "NASA", "ESA"}
    known = {mount.name for mount in mounts(settings)}
    for item in made:
        assert set(item.mounts) <= known, item.name
        assert item.assumptions(), item.name
    assert {item.name for item in made if item.conflict} == {"gpr", "mir", "isap", "prathima"}
    assert {host.vehicle for host in hosts(settings)} == {"lander", "rover"}
    assert margin_policy("esa").margined(10.0, "new") == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("mass_kg = 4000.0", "above the largest allowed value 100"),
        (
            "mass_kg = 0.012",
            "mass_kg 0.012 lies outside 0.05 .. 60 kg; 12 kg would be usual: is the unit wrong by 0.001",
        ),
        ("measurement_mbit = 0.0002", "measurement_mbit 0.0002 lies outside"),
        ('maturity = "ready"', "maturity 'ready'; write one of off_the_shelf, modified, new"),
        ('needs = ["ltga"]', "ltga: it needs itself"),
        ('excludes = ["auger"]', "it needs auger and excludes it"),
    ],
)
def test_wrong_facts_are_refused(tmp_path, facts, said):
    path = written(tmp_path, "ltga", f'like = "ltga"\nname = "ltga"\n[facts]\n{facts}\n')
    with pytest.raises(InputError, match=said):
        items(PayloadSettings(instruments=("auger", path)))


def test_missing_numbers_are_named_with_their_owner(tmp_path):
    text = 'name = "mine"\n[facts]\nowner = "ISRO"\nmass_kg = 1.0\nmounts = ["rover_front"]\n'
    with pytest.raises(UnpublishedError, match="instrument mine: length_m, width_m, .* missing; due from ISRO"):
        items(PayloadSettings(instruments=(written(tmp_path, "mine", text),)))


def test_two_records_of_one_name_and_circles_of_exclusion_are_refused(tmp_path):
    twin = written(tmp_path, "nss", 'like = "nss"\nname = "nss"\n')
    with pytest.raises(InputError, match="two records of instrument 'nss'"):
        items(PayloadSettings(instruments=("nss", twin)))
    against = written(tmp_path, "auger", 'like = "auger"\nname = "auger"\n[facts]\nexcludes = ["triton"]\n')
    with pytest.raises(InputError, match="triton: it needs auger, which excludes it: a circle"):
        items(PayloadSettings(instruments=(against, "ltga", "triton")))


def test_a_negative_margin_and_a_box_that_is_none_are_refused(tmp_path):
    policy = written(tmp_path, "mine", 'like = "esa"\n[facts]\nnew_fraction = -0.1\n')
    with pytest.raises(MissionError, match="below the smallest allowed value 0"):
        margin_policy(policy)
    host = written(tmp_path, "host", 'like = "lupex_rover"\n[facts]\nsolids_m = [0.0, 1.0, 0.0, 1.0, 2.0, 1.0]\n')
    with pytest.raises(InputError, match="solids_m holds no boxes"):
        hosts(PayloadSettings(hosts=(host,)))
    mount = written(tmp_path, "plate", 'like = "rover_front"\n[facts]\nboresight = [0.0, 0.0, 0.5]\n')
    with pytest.raises(InputError, match="boresight of length 1"):
        mounts(PayloadSettings(mounts=(mount,)))
