"""Guided descents over a round Moon: polynomial guidance from the start of braking to touchdown.

A place is (ground distance to go to the target along the track, ground distance across, radius); a velocity has the
same axes, horizontal speeds counted at height. With r the radius and u, w the horizontal speeds:

    dr/dt = s, dx/dt = -u R / r, dy/dt = w R / r
    ds/dt = (u^2 + w^2) / r - GM / r^2 + a_up, du/dt = -s u / r + a_u, dw/dt = -s w / r + a_w

Guidance (the E-guidance of Cherry 1964): in every axis the acceleration that is linear in time and meets place and
velocity at the end of the phase.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

X, Y, R, U, W, S, MASS = range(7)
"""Columns of a state: m, m/s, kg."""
DURATION, HEIGHT, SPEED_DOWN, SPEED, TO_GO, HOLD, SEES = range(7)
"""Columns of a phase: s; at its end height (m), speeds down and along (m/s) and ground distance to go (m); 1 where the
attitude is held; 1 where terrain-relative navigation has corrected the place known."""
GM, RADIUS, THRUST_MAX, THRUST_MIN, EXHAUST, STEP = range(6)
"""Columns of the vehicle: m3/s2, m, N, N, m/s, s."""
D_X, D_Y, D_R, D_U, D_W, D_S, MAP_X, MAP_Y, ALTIMETER, THRUST_SCALE, EXHAUST_SCALE = range(11)
"""Columns of a dispersion: error of the state at the start (unknown to the guidance until it sees), error of the map it
sees with, of the altimeter (m), factors of thrust and exhaust speed less 1."""
DELTA_V, HIGHEST, LOWEST, CLEARANCE, TILT, TIME, SATURATED_S = range(7)
"""What is noted of a flight: m/s; largest and smallest thrust asked (N); least height (m); largest angle of the thrust
from the vertical in the last two phases (rad); s; time with more thrust asked than there is."""
NOTES = 7
SHORTEST_TO_GO_S = 1.0


@kernel
def fly(start, phases, vehicle, dispersion, end, notes, track):
    """One flight -> end (7,), notes (NOTES,), track (n, 12): t, state, thrust along, across and up (N), phase.

    Returns rows of the track written; the caller makes it long enough, shorter tracks are cut.
    """
    state = start.copy()
    for k in range(6):
        state[k] += dispersion[k]
    known = np.empty(7)
    thrust = np.zeros(3)
    work = np.empty((5, 7))
    notes[:] = 0.0
    notes[LOWEST] = math.inf
    notes[CLEARANCE] = state[R] - vehicle[RADIUS]
    strongest = vehicle[THRUST_MAX] * (1.0 + dispersion[THRUST_SCALE])
    exhaust = vehicle[EXHAUST] * (1.0 + dispersion[EXHAUST_SCALE])
    t, row = 0.0, 0
    for p in range(phases.shape[0]):
        steps = max(1, int(math.ceil(phases[p, DURATION] / vehicle[STEP] - 1e-9)))
        h = phases[p, DURATION] / steps
        for i in range(steps):
            to_go = phases[p, DURATION] - i * h
            if phases[p, HOLD] == 0.0:
                _known(state, phases[p, SEES], dispersion, known)
                if to_go > SHORTEST_TO_GO_S or i == 0:
                    _command(known, phases[p], max(to_go, h), vehicle, thrust)
            asked = math.sqrt(thrust[0] ** 2 + thrust[1] ** 2 + thrust[2] ** 2)
            notes[HIGHEST] = max(notes[HIGHEST], asked)
            notes[LOWEST] = min(notes[LOWEST], asked)
            if asked > strongest:
                notes[SATURATED_S] += h
            given = min(max(asked, vehicle[THRUST_MIN]), strongest)
            scale = given / asked if asked > 0.0 else 0.0
            if p >= phases.shape[0] - 2 and asked > 0.0:
                notes[TILT] = max(notes[TILT], math.acos(min(1.0, max(-1.0, thrust[2] / asked))))
            if row < track.shape[0]:
                track[row, 0] = t
                for k in range(7):
                    track[row, 1 + k] = state[k]
                for k in range(3):
                    track[row, 8 + k] = thrust[k] * scale
                track[row, 11] = p
                row += 1
            notes[DELTA_V] += exhaust * math.log(state[MASS] / (state[MASS] - given / exhaust * h))
            _step(state, thrust, scale, exhaust, vehicle, h, work)
            t += h
            notes[CLEARANCE] = min(notes[CLEARANCE], state[R] - vehicle[RADIUS])
    notes[TIME] = t
    for k in range(7):
        end[k] = state[k]
    return row


@kernel
def fly_many(start, phases, vehicle, dispersions, ends, notes):
    """Flights (n,), one for each dispersion (n, 11) -> ends (n, 7), notes (n, NOTES)."""
    track = np.empty((0, 12))
    for i in range(dispersions.shape[0]):
        fly(start, phases, vehicle, dispersions[i], ends[i], notes[i], track)


@kernel
def _known(state, sees, dispersion, known):
    """What the guidance takes the state for."""
    for k in range(7):
        known[k] = state[k]
    if sees > 0.0:
        known[X] += dispersion[MAP_X]
        known[Y] += dispersion[MAP_Y]
        known[R] += dispersion[ALTIMETER]
    else:
        for k in range(6):
            known[k] -= dispersion[k]


@kernel
def _command(state, phase, to_go, vehicle, thrust):
    """Thrust (3,) along, across, up in N."""
    r, u, w, s = state[R], state[U], state[W], state[S]
    stretch = vehicle[RADIUS] / r
    end_r = vehicle[RADIUS] + phase[HEIGHT]
    a_up = _linear(end_r - r, s, -phase[SPEED_DOWN], to_go)
    # distances along and across are on the ground, speeds at height: both are brought to the ground
    along = _linear(state[X] - phase[TO_GO], u * stretch, phase[SPEED] * vehicle[RADIUS] / end_r, to_go) / stretch
    across = _linear(-state[Y], w * stretch, 0.0, to_go) / stretch
    thrust[0] = state[MASS] * (along + 2.0 * s * u / r)
    thrust[1] = state[MASS] * (across + 2.0 * s * w / r)
    thrust[2] = state[MASS] * (a_up + vehicle[GM] / (r * r) - (u * u + w * w) / r)


@kernel
def _linear(way, speed, speed_end, to_go):
    return 6.0 * (way - speed * to_go) / (to_go * to_go) - 2.0 * (speed_end - speed) / to_go


@kernel
def _step(state, thrust, scale, exhaust, vehicle, h, work):
    """One step of Runge and Kutta's fourth order with the thrust held."""
    _rates(state, thrust, scale, exhaust, vehicle, work[0])
    for k in range(7):
        work[4, k] = state[k] + 0.5 * h * work[0, k]
    _rates(work[4], thrust, scale, exhaust, vehicle, work[1])
    for k in range(7):
        work[4, k] = state[k] + 0.5 * h * work[1, k]
    _rates(work[4], thrust, scale, exhaust, vehicle, work[2])
    for k in range(7):
        work[4, k] = state[k] + h * work[2, k]
    _rates(work[4], thrust, scale, exhaust, vehicle, work[3])
    for k in range(7):
        state[k] += h / 6.0 * (work[0, k] + 2.0 * work[1, k] + 2.0 * work[2, k] + work[3, k])


@kernel
def _rates(y, thrust, scale, exhaust, vehicle, out):
    r, u, w, s = y[R], y[U], y[W], y[S]
    push = scale / y[MASS]
    out[X] = -u * vehicle[RADIUS] / r
    out[Y] = w * vehicle[RADIUS] / r
    out[R] = s
    out[U] = -s * u / r + thrust[0] * push
    out[W] = -s * w / r + thrust[1] * push
    out[S] = (u * u + w * w) / r - vehicle[GM] / (r * r) + thrust[2] * push
    out[MASS] = -scale * math.sqrt(thrust[0] ** 2 + thrust[1] ** 2 + thrust[2] ** 2) / exhaust
