"""Names, labels and units of quantities."""

from lupex.model.quantities import label_of, udunits_of, unit_of


def test_numbers_over_an_ensemble_have_the_unit_and_the_label_of_their_quantity() -> None:
    assert unit_of("slope_deg_p05").symbol == unit_of("slope_deg").symbol
    assert udunits_of("slope_deg_p95") == "degree"
    assert label_of("slope_deg_p50") == "Slope, median"
    assert label_of("season_lit_fraction_sigma") == "Lit in the season, standard deviation"
    assert unit_of("position_sigma_m").suffix == "m"
