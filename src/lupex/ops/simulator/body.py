"""The rover's body: where it is, how full its battery is, how warm; one step after the other.

Driving follows the rover of the catalogue (speed, Carr's law, slip growing with the square of the slope). Odometry
counts wheel turns, so it runs ahead of the true place by the slip; its heading drifts as a random walk. Temperature of
the battery is one node with a time constant; its numbers are assumptions.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from lupex.model import Rover
from lupex.ops.simulator.surroundings import Surroundings

SLIP_NOISE = 0.02  # assumption: spread of slip from one step to the next
HEADING_DRIFT_DEG = 0.02  # assumption: random walk of the heading per metre driven, like a small gyroscope's
NODE_S = 6.0 * 3600.0  # assumption: time constant of the warm box
SINK_LIT_K, SINK_DARK_K = 235.0, 150.0  # assumption: where it would come to rest unheated, in the Sun and in the dark
NODE_K_PER_W = 0.35  # assumption: warming by what is drawn inside
HEATER_W = 40.0  # assumption: battery heater


@dataclass(frozen=True, kw_only=True)
class Body:
    """State of the rover, truth and what it believes.

    Attributes:
        x_m, y_m, heading_deg: true place in the map frame, heading clockwise from map north.
        odometry_x_m, odometry_y_m, odometry_heading_deg: what wheel turns and gyroscope say. odometer_m: wheel turns.
        charge_wh: in the battery. battery_k: its temperature. array_w, load_w: of the last step.
        heater: whether it is on. drill_depth_m: of the auger's tip.
        pitch_deg, roll_deg: of the ground it stands on.
    """

    x_m: float
    y_m: float
    heading_deg: float = 0.0
    odometry_x_m: float
    odometry_y_m: float
    odometry_heading_deg: float = 0.0
    odometer_m: float = 0.0
    charge_wh: float
    battery_k: float = 280.0
    array_w: float = 0.0
    load_w: float = 0.0
    heater: bool = False
    drill_depth_m: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What the rover does in a step: metres of wheel turn wanted, instruments' and drill's power, asleep or not, and
    whether its wheels have lost hold."""

    wheels_m: float = 0.0
    extra_w: float = 0.0
    asleep: bool = False
    stuck: bool = False


def stepped(
    body: Body, effort: Effort, rover: Rover, around: Surroundings, when: tuple[float, float], rng: np.random.Generator
) -> Body:
    """The body after a step.

    Args:
        body: before. effort: what it does. rover: what it can do. around: ground and light.
        when: TAI seconds since 1958, and length of the step (s). rng: of slip and drift.
    """
    tai_s, step_s = when
    moved, drive_j = _driven(body, effort, rover, around, rng)
    disc, elevation_deg = around.light(tai_s)
    array_w = rover.array_w * disc * array_share(rover.array_kind, elevation_deg)
    base_w = rover.sleep_power_w if effort.asleep else rover.hotel_power_w
    load_w = base_w + effort.extra_w + HEATER_W * body.heater + drive_j / step_s
    charge = body.charge_wh + min(array_w - load_w, rover.max_charge_w) * step_s / 3600.0
    sink = SINK_DARK_K + (SINK_LIT_K - SINK_DARK_K) * disc
    rest = sink + NODE_K_PER_W * (base_w + effort.extra_w) + (NODE_K_PER_W * HEATER_W if body.heater else 0.0)
    kelvin = rest + (body.battery_k - rest) * math.exp(-step_s / NODE_S)
    full = rover.battery_wh * rover.max_charge_fraction
    return replace(moved, charge_wh=min(max(charge, 0.0), full), battery_k=kelvin, array_w=array_w, load_w=load_w)


def array_share(kind: str, sun_elevation_deg: float) -> float:
    """Share of an array's power by how it stands: 'tracking', 'vertical' or 'horizontal'."""
    if kind == "tracking":
        return 1.0
    angle = math.radians(sun_elevation_deg)
    return max(0.0, math.cos(angle) if kind == "vertical" else math.sin(angle))


def _driven(
    body: Body, effort: Effort, rover: Rover, around: Surroundings, rng: np.random.Generator
) -> tuple[Body, float]:
    pitch, roll = around.slopes_deg(body.x_m, body.y_m, body.heading_deg)
    if effort.wheels_m == 0.0:
        return replace(body, pitch_deg=pitch, roll_deg=roll), 0.0
    sign, turned = math.copysign(1.0, effort.wheels_m), abs(effort.wheels_m)
    uphill = sign * pitch
    share = min(max(uphill, 0.0) / rover.max_up_slope_deg, 1.0)
    slip = rover.slip_at_limit_fraction * share**2 + SLIP_NOISE * float(rng.standard_normal())
    slip = 1.0 if effort.stuck else min(max(slip, -0.05), 0.95)
    true_m = sign * turned * (1.0 - slip)
    drift = HEADING_DRIFT_DEG * math.sqrt(turned) * float(rng.standard_normal())
    energy_j = rover.drive_overhead_w * turned / rover.speed_m_s + turned * rover.mass_kg * (
        rover.level_j_kg_m + rover.up_j_kg_m_deg * max(uphill, 0.0) - rover.down_j_kg_m_deg * max(-uphill, 0.0)
    )
    heading, odometry = math.radians(body.heading_deg), math.radians(body.odometry_heading_deg)
    moved = replace(
        body,
        x_m=body.x_m + true_m * math.sin(heading),
        y_m=body.y_m + true_m * math.cos(heading),
        odometry_x_m=body.odometry_x_m + sign * turned * math.sin(odometry),
        odometry_y_m=body.odometry_y_m + sign * turned * math.cos(odometry),
        odometer_m=body.odometer_m + turned,
        # the rover steers by its gyroscope: an error of that turns the true heading away
        heading_deg=body.heading_deg + drift,
        pitch_deg=pitch,
        roll_deg=roll,
    )
    return moved, max(energy_j, 0.0)
