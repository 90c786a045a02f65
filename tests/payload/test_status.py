"""The status page: who owes what, conflicts shown, text that stays in its cell."""

from dataclasses import replace

from lupex.model.settings.payload import PayloadSettings
from lupex.payload import items, margin_policy, open_actions, status_html, status_markdown, status_rows

MADE = items(PayloadSettings())
POLICY = margin_policy("equipment_only")


def test_owners_owe_assumed_numbers_and_the_host():
    gpr = next(item for item in MADE if item.name == "gpr")
    numbers, host = open_actions(gpr)
    assert numbers.startswith("ISRO: state mass_kg, ")
    assert "lander by N. Desai" in host


def test_rows_hold_margins_and_the_latest_status():
    row = next(row for row in status_rows(MADE, POLICY) if row["instrument"] == "alis")
    assert row["mass_margined_kg"] == 7.0 * 1.2
    assert (row["status"], row["status_date"]) == ("candidate instrument", "2020-04-01")


def test_the_page_shows_conflicts_and_no_text_leaves_its_cell():
    strange = replace(MADE[0], owner="A | B\n| C <b>")
    html = status_html(status_rows([strange, *MADE[1:]], POLICY))
    assert "A | B\\n| C &lt;b&gt;" in html and "<b>" not in html
    assert html.count("<tr>") == len(MADE) + 1
    page = status_markdown(status_rows([strange, *MADE[1:]], POLICY), "2026-11-30")
    lines = page.splitlines()
    assert lines[0] == "# Instruments on 2026-11-30"
    (row,) = [line for line in lines if line.startswith("| auger |")]
    assert "A \\| B\\\\n\\| C \\<b\\>" in row
    assert "- gpr: rover by JAXA's pages; lander by" in page
