"""Rows of passes for the tests of exports."""

from lupex.model import PassRow

ROWS = (
    PassRow(
        number=1,
        station="misasa",
        site="Saku, Nagano",
        spacecraft="rover",
        start_utc="2028-01-01T05:00:00.250Z",
        stop_utc="2028-01-01T07:30:59.500Z",
        activity_start_utc="2028-01-01T04:15:00.250Z",
        activity_stop_utc="2028-01-01T07:45:59.500Z",
        band="X",
        state="operational",
        purposes=("commands for drive 1", "drive 1"),
        values={"cost": 3.5, "max_elevation_deg": 41.25},
    ),
    PassRow(
        number=2,
        station="dss43",
        site="Tidbinbilla; the 70 m",
        spacecraft="rover",
        start_utc="2028-02-29T23:59:59.000Z",
        stop_utc="2028-03-01T02:00:00.000Z",
        activity_start_utc="2028-02-29T23:14:59.000Z",
        activity_stop_utc="2028-03-01T02:15:00.000Z",
        band="X",
        state="tentative",
    ),
    PassRow(
        number=3,
        station="usuda",
        site="臼田宇宙空間観測所 (うすだ), Saku, Nagano Prefecture, Japan",
        spacecraft="lander & co",
        start_utc="2028-12-31T20:00:00.000Z",
        stop_utc="2028-12-31T23:00:00.000Z",
        activity_start_utc="2028-12-31T19:00:00.000Z",
        activity_stop_utc="2028-12-31T23:30:00.000Z",
        band="S",
        state="cancelled",
    ),
)
