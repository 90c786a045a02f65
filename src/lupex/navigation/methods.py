"""Every method of finding a place on the Moon, in one table: what it measures, needs and is blind to, its noise.

Default noise and biases are published values or say assumption; a budget uses them, a user replaces them.
"""

from dataclasses import dataclass

from lupex.base.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Method:
    """One row of the table.

    Attributes:
        name, title: as on the command line, and in words. kind: 'earth' (antennas), 'sky' (orbiters, satellites),
            'map' (image, DEM, skyline) or 'local' (rover and its surroundings).
        unit: of sigma and bias. sigma: white noise of one datum. every_s: time between two.
        bias: standard deviation of what stays constant (station, map, field); 0 when there is none.
        source: of the numbers. needs: what must be there. blind_to: what it cannot see.
    """

    name: str
    title: str
    kind: str
    unit: str
    sigma: float
    every_s: float
    bias: float
    source: str
    needs: str
    blind_to: str


METHODS: tuple[Method, ...] = (
    Method(
        name="range", title="two-way range from Earth", kind="earth", unit="m", sigma=1.0, every_s=300.0, bias=5.0,
        source="assumption of the published formal budget; LRO network requirement 10 m 1 sigma (NTRS 20100017175)",
        needs="transponder, antenna with ranging, calibrated delays",
        blind_to="along the Earth's direction more than the station bias allows; within a day north and east",
    ),
    Method(
        name="doppler", title="two-way Doppler from Earth", kind="earth", unit="m/s", sigma=1e-4, every_s=300.0,
        bias=0.0,
        source="assumption: X band 0.1 mm/s per 60 s; LRO S band 0.3-0.5 mm/s, Kaguya 0.5 mm/s (published)",
        needs="coherent transponder", blind_to="the Earth's direction; needs the Earth's turn and libration",
    ),
    Method(
        name="three_way", title="three-way range", kind="earth", unit="m", sigma=1.0, every_s=300.0, bias=5.0,
        source="as range; the bias holds the offset of two stations' clocks",
        needs="two antennas in view at once, clocks compared", blind_to="as range",
    ),
    Method(
        name="delta_dor", title="delta-DOR between two antennas", kind="earth", unit="m", sigma=0.38, every_s=1800.0,
        bias=0.0, source="about 1 nrad (Border 2006, IPN 42-193), 0.38 m at the Moon",
        needs="two antennas in view, wide-band tones, a quasar near", blind_to="the Earth's direction",
    ),
    Method(
        name="same_beam", title="same-beam phase, rover less lander", kind="earth", unit="m", sigma=0.005, every_s=60.0,
        bias=0.0, source="Kaguya phases of several ps (Goossens 2011); Chang'e-3 1 m (10.13203/j.whugis20140439)",
        needs="two carriers in one beam, cycle ambiguity fixed", blind_to="the Earth's direction; where the lander is",
    ),
    Method(
        name="orbiter_range", title="range from a lunar orbiter", kind="sky", unit="m", sigma=2.0, every_s=60.0,
        bias=10.0,
        source="assumption; the bias is the orbit's error, below 10 m for LRO (Mazarico 2018)",
        needs="orbiter with a ranging link and a known orbit", blind_to="its orbit's error",
    ),
    Method(
        name="orbiter_doppler", title="Doppler from a lunar orbiter", kind="sky", unit="m/s", sigma=1e-3, every_s=10.0,
        bias=10.0, source="assumption; the bias is the orbit's error in m; 10 m in two orbits simulated (navi.710)",
        needs="orbiter with a coherent link", blind_to="its orbit's error; left and right of a single track",
    ),
    Method(
        name="lunar_satellites", title="LCNS, LCRNS, LNSS pseudorange (AFS, 2483.5-2500 MHz)", kind="sky", unit="m",
        sigma=3.0, every_s=60.0, bias=5.0,
        source="assumption; LNIS version 5 (2025-02) gives the band, simulated rover below 10 m 3 sigma (ION 20309)",
        needs="three satellites with a DEM, four without, or time to gather", blind_to="the common clock; orbits",
    ),
    Method(
        name="earth_gnss", title="GPS and Galileo received on the Moon", kind="sky", unit="m", sigma=20.0, every_s=60.0,
        bias=5.0, source="assumption; first fix of LuGRE 2025-03-03 with 2 + 2 satellites, error not published",
        needs="weak-signal receiver, high-gain antenna", blind_to="the Earth's direction: DOP in the hundreds",
    ),
    Method(
        name="reflector", title="laser ranging to a reflector", kind="sky", unit="m", sigma=0.1, every_s=60.0,
        bias=10.0,
        source="assumption: LOLA's own noise; the bias is LRO's orbit. Earth ranging reaches cm (Murphy 2011)",
        needs="reflector in view, pointing", blind_to="its orbit's error",
    ),
    Method(
        name="image", title="image of the lander against a map", kind="map", unit="m", sigma=12.0, every_s=86_400.0,
        bias=10.0, source="LRO NAC: below 12 m from several images, +-30 m single (Wagner 2017); map tie 10 m",
        needs="sunlight, a pass of the orbiter; light time to the surface point taken off", blind_to="height",
    ),
    Method(
        name="craters", title="descent images against craters", kind="map", unit="m", sigma=5.0, every_s=0.0, bias=5.0,
        source="5-10 m design (arXiv 2203.10073); SLIM 3-4 m before avoidance (JAXA 2024)",
        needs="light, a catalogue of craters of the camera's scale; no names: patterns are matched (locate craters)",
        blind_to="the map's own place; fewer than four craters fit anywhere",
    ),
    Method(
        name="dem_height", title="on the surface of the DEM", kind="map", unit="m", sigma=0.5, every_s=0.0, bias=0.5,
        source="PGDA 78 tiles 0.3-0.5 m rms (Barker 2021)", needs="a DEM in the same frame",
        blind_to="east and north on flat ground",
    ),
    Method(
        name="skyline", title="skyline against the DEM", kind="map", unit="deg", sigma=0.1, every_s=0.0, bias=10.0,
        source="6 m published for a synthetic Moon and an Earth field; the bias is the DEM's cell, assumption",
        needs="panorama or sectors of 60 deg, a DEM of what is seen", blind_to="the far skyline fixes yaw, not place",
    ),
    Method(
        name="star_tilt", title="star tracker and inclinometer", kind="map", unit="arcsec", sigma=10.0, every_s=600.0,
        bias=65.0, source="assumption for the tilt; 549 m = 65 arcsec rms is left of the plumb line after degree 300",
        needs="gravity field of degree 300 or more at the surface", blind_to="height; what is left of the plumb line",
    ),
    Method(
        name="sun_heading", title="Sun or star azimuth", kind="local", unit="deg", sigma=1.0, every_s=600.0, bias=0.5,
        source="a few degrees for Sun sensors (Furgale 2011); tilt of the plumb line 0.07 deg rms",
        needs="inclinometer, time", blind_to="place: it gives the heading",
    ),
    Method(
        name="lander_radio", title="rover-lander radio range", kind="local", unit="m", sigma=1.0, every_s=60.0,
        bias=0.5,
        source="assumption: no result from flight is published", needs="line of sight", blind_to="across the line",
    ),
    Method(
        name="lander_bearing", title="rover-lander bearing", kind="local", unit="deg", sigma=0.5, every_s=60.0,
        bias=0.5,
        source="assumption", needs="lander in a camera or antenna pattern, heading", blind_to="along the line",
    ),
    Method(
        name="odometry", title="wheel odometry", kind="local", unit="fraction", sigma=0.1, every_s=10.0, bias=0.05,
        source="assumption: slip of 5-10 %", needs="heading", blind_to="where it began; errors only grow",
    ),
    Method(
        name="visual_odometry", title="visual odometry", kind="local", unit="fraction", sigma=0.02, every_s=30.0,
        bias=0.01,
        source="Yutu 1-4 % on legs of 2-7 m (Wan 2014)", needs="light, texture", blind_to="where it began",
    ),
    Method(
        name="imu", title="inertial measurement", kind="local", unit="deg/sqrt(h)", sigma=0.1, every_s=0.005,
        bias=0.75,
        source="IMU-FSAS: 0.1 deg/sqrt(h), bias 0.75 deg/h, 1000 micro-g (10.1155/2013/435286); rate assumption",
        needs="stops at which it stands still", blind_to="where it began; place after minutes without a stop",
    ),
)  # fmt: skip
"""In the order of the documentation."""


def method(name: str) -> Method:
    """The row of a name. Raises InputError for a name that is not in the table."""
    for row in METHODS:
        if row.name == name:
            return row
    raise InputError(f"locate: no method '{name}'", f"known: {', '.join(row.name for row in METHODS)}")
