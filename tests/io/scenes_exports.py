"""Rows of passes for the tests of exports."""

from lupex.model import PassRow

ROWS = (
    PassRow(
        1,
        "misasa",
        "Saku, Nagano",
        "rover",
        "2028-01-01T05:00:00.250Z",
        "2028-01-01T07:30:59.500Z",
        "2028-01-01T04:15:00.250Z",
        "2028-01-01T07:45:59.500Z",
        "X",
        "operational",
        ("commands for drive 1", "drive 1"),
        {"cost": 3.5, "max_elevation_deg": 41.25},
    ),
    PassRow(
        2,
        "dss43",
        "Tidbinbilla; the 70 m",
        "rover",
        "2028-02-29T23:59:59.000Z",
        "2028-03-01T02:00:00.000Z",
        "2028-02-29T23:14:59.000Z",
        "2028-03-01T02:15:00.000Z",
        "X",
        "tentative",
    ),
    PassRow(
        3,
        "usuda",
        "臼田宇宙空間観測所 (うすだ), Saku, Nagano Prefecture, Japan",
        "lander & co",
        "2028-12-31T20:00:00.000Z",
        "2028-12-31T23:00:00.000Z",
        "2028-12-31T19:00:00.000Z",
        "2028-12-31T23:30:00.000Z",
        "S",
        "cancelled",
    ),
)
