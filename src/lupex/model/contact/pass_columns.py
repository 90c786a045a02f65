"""The columns of a pass: one vocabulary for the command line, files and the tables of a study.

A column is named as the attribute it holds (`Pass`, `BookedPass`, `PassLink`, `PassSeries`), times as UTC text. To
add one, add its row here and its name to the table it belongs to.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PassColumn:
    """One column of a table of passes.

    Attributes:
        name: in every table, with its unit and frame. unit: '' for text and counts.
        frame: what a direction or rate is measured in; '' for everything else.
        label: heading on a page. sentence: what it holds.
    """

    name: str
    unit: str
    frame: str
    label: str
    sentence: str


_TRUE_NORTH = "true north at the station"
_STATION_HORIZON = "horizontal plane of the station"
_PLACE_NORTH = "true north at the place"
_PLACE_HORIZON = "horizontal plane of the place"

PASS_COLUMNS = tuple(
    PassColumn(*row)
    for row in (
        ("number", "", "", "Pass", "number of the pass in the list, from 1"),
        ("station", "", "", "Antenna", "name of the antenna"),
        ("site", "", "", "Site", "where the antenna stands"),
        ("spacecraft", "", "", "Spacecraft", "name of the spacecraft, or of the place on the Moon"),
        ("band", "", "", "Band", "radio band of the contact"),
        ("state", "", "", "State", "operational, tentative or cancelled"),
        ("purposes", "", "", "Purposes", "what a booking serves beside hours and data"),
        ("aos_utc", "UTC", "", "AOS", "acquisition of signal: first instant of the whole pass at the station"),
        ("los_utc", "UTC", "", "LOS", "loss of signal: last instant of the whole pass at the station"),
        ("start_utc", "UTC", "", "From", "first instant of contact booked"),
        ("stop_utc", "UTC", "", "To", "last instant of contact booked"),
        ("activity_start_utc", "UTC", "", "Set-up from", "when the antenna's set-up begins"),
        ("activity_stop_utc", "UTC", "", "Tear-down to", "when the antenna's tear-down ends"),
        ("max_elevation_utc", "UTC", "", "Highest at", "time of the highest elevation"),
        ("time_utc", "UTC", "", "Time", "time of reception of a sample"),
        ("duration_s", "s", "", "Duration", "contact, without set-up and tear-down"),
        ("aos_azimuth_true_deg", "deg", _TRUE_NORTH, "Azimuth at AOS", "azimuth of the spacecraft at AOS"),
        ("los_azimuth_true_deg", "deg", _TRUE_NORTH, "Azimuth at LOS", "azimuth of the spacecraft at LOS"),
        ("max_elevation_azimuth_true_deg", "deg", _TRUE_NORTH, "Azimuth at highest",
         "azimuth of the spacecraft at its highest"),
        ("aos_elevation_deg", "deg", _STATION_HORIZON, "Elevation at AOS", "elevation of the spacecraft at AOS"),
        ("los_elevation_deg", "deg", _STATION_HORIZON, "Elevation at LOS", "elevation of the spacecraft at LOS"),
        ("max_elevation_deg", "deg", _STATION_HORIZON, "Highest", "greatest elevation of the whole pass"),
        ("azimuth_true_deg", "deg", _TRUE_NORTH, "Azimuth", "azimuth of the place at a sample"),
        ("elevation_deg", "deg", _STATION_HORIZON, "Elevation", "elevation of the place at a sample"),
        ("place_azimuth_true_deg", "deg", _PLACE_NORTH, "Azimuth at the place", "azimuth of the station at a sample"),
        ("place_elevation_deg", "deg", _PLACE_HORIZON, "Elevation at the place",
         "elevation of the station at a sample"),
        ("place_skyline_deg", "deg", _PLACE_HORIZON, "Skyline at the place",
         "elevation of the terrain in the azimuth of the station"),
        ("limited_by_aos", "", "", "Begins by", "limit that binds before AOS"),
        ("limited_by_los", "", "", "Ends by", "limit that binds after LOS"),
        ("min_range_m", "m", "barycentric", "Least distance", "least path of the light, one way"),
        ("max_range_m", "m", "barycentric", "Greatest distance", "greatest path of the light, one way"),
        ("range_m", "m", "barycentric", "Distance", "path of the light at a sample, one way"),
        ("min_range_rate_m_s", "m/s", "barycentric", "Least range rate",
         "least change of range per second of reception, positive when receding"),
        ("max_range_rate_m_s", "m/s", "barycentric", "Greatest range rate",
         "greatest change of range per second of reception, positive when receding"),
        ("range_rate_m_s", "m/s", "barycentric", "Range rate",
         "change of range per second of reception at a sample, positive when receding"),
        ("min_doppler_hz", "Hz", "", "Least Doppler", "least one-way shift of the downlink carrier"),
        ("max_doppler_hz", "Hz", "", "Greatest Doppler", "greatest one-way shift of the downlink carrier"),
        ("doppler_hz", "Hz", "", "Doppler", "one-way shift of the downlink carrier at a sample"),
        ("one_way_light_time_s", "s", "", "Light time", "one-way light time at the highest elevation"),
        ("min_sun_angle_deg", "deg", "", "Sun from the beam", "least angle between Sun and spacecraft at the station"),
        ("worst_margin_db", "dB", "", "Least margin down", "least downlink margin at margin_rate_bps"),
        ("best_margin_db", "dB", "", "Greatest margin down", "greatest downlink margin at margin_rate_bps"),
        ("margin_db", "dB", "", "Margin down", "least downlink margin at a sample"),
        ("margin_rate_bps", "bit/s", "", "Rate of the margins", "information rate the downlink margins hold for"),
        ("up_margin_db", "dB", "", "Margin up", "least uplink margin"),
        ("highest_rate_bps", "bit/s", "", "Highest rate", "highest telemetry rate that closes anywhere in the pass"),
        ("rate_bps", "bit/s", "", "Rate", "highest telemetry rate that closes at a sample, 0 where none does"),
        ("volume_bits", "bit", "", "Data", "brought down when every moment uses the highest rate that closes"),
        ("cost", "currency of the user", "", "Cost", "of the antenna, set-up and tear-down counted"),
        ("down_reason", "", "", "Downlink needs", "number nobody published that the downlink budget needs"),
        ("up_reason", "", "", "Uplink needs", "number nobody published that the uplink budget needs"),
    )
)  # fmt: skip
"""Every column of a pass there is; a name means the same in every table."""

PASS_TABLE = (
    "number", "station", "site", "spacecraft", "band", "state", "aos_utc", "los_utc", "activity_start_utc",
    "activity_stop_utc", "duration_s", "max_elevation_deg", "max_elevation_utc", "aos_azimuth_true_deg",
    "los_azimuth_true_deg", "max_elevation_azimuth_true_deg", "aos_elevation_deg", "los_elevation_deg",
    "limited_by_aos", "limited_by_los", "min_range_m", "max_range_m", "one_way_light_time_s", "min_range_rate_m_s",
    "max_range_rate_m_s", "min_doppler_hz", "max_doppler_hz", "min_sun_angle_deg", "worst_margin_db",
    "best_margin_db", "margin_rate_bps", "up_margin_db", "highest_rate_bps", "volume_bits", "down_reason",
    "up_reason",
)  # fmt: skip
"""Columns of a table of passes, in order."""

BOOKED_TABLE = (
    "number", "station", "site", "spacecraft", "band", "state", "start_utc", "stop_utc", "activity_start_utc",
    "activity_stop_utc", "duration_s", "aos_utc", "los_utc", "max_elevation_deg", "cost", "volume_bits", "purposes",
)  # fmt: skip
"""Columns of a table of booked passes, in order."""

SERIES_TABLE = (
    "time_utc", "station", "azimuth_true_deg", "elevation_deg", "range_m", "range_rate_m_s", "doppler_hz",
    "place_azimuth_true_deg", "place_elevation_deg", "place_skyline_deg", "margin_db", "rate_bps",
)  # fmt: skip
"""Columns of one pass sample by sample, in order."""
