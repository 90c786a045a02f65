"""The fuel optimum of braking, by convex programmes in scaled variables, and what it burns when flown.

Planar, a round Moon, thrust in any direction. With u = T/m, sigma >= |u| and z = ln m the rocket's equations are linear
but for gravity and the bounds of the thrust, which are taken to first order about the last solution (Acikmese and
Ploen 2007, J. Guid. Control Dyn. 30(5):1353; Szmuk and Acikmese 2018 for the sequence) until nothing moves. Where the
braking ends along the ground is free unless a distance is asked for: with |r| known at the end, the velocity there is a
linear function of the place. The time of flight is found by golden sections.

Scaled by the Moon's radius at the site, the circular speed there and the mass at the start: in SI units the
solver calls wrong answers optimal (reference of the field; the slack shows it).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp

from lupex.base.arrays import F64
from lupex.base.errors import InputError, NothingLeftError
from lupex.model.glance import Glance

NODES = 41
MOST_ROUNDS = 14
SETTLED = 1e-7
TIME_WITHIN = 2e-3
GOLDEN = 0.5 * (np.sqrt(5.0) - 1.0)


@dataclass(frozen=True, kw_only=True)
class BrakingProblem:
    """A braking to be made with the least fuel.

    Attributes:
        gm_m3_s2, radius_m: of the Moon and of the ground. start_radius_m, start_speed_m_s: level flight at the start.
        end_height_m, end_speed_m_s, end_sink_m_s: at its end. mass_kg: at the start.
        thrust_min_n, thrust_max_n, exhaust_m_s: of the engines.
        downrange_m: ground distance asked for, None where it is free. clearance_m: least height kept, None for none.
    """

    gm_m3_s2: float
    radius_m: float
    start_radius_m: float
    start_speed_m_s: float
    end_height_m: float
    end_speed_m_s: float
    end_sink_m_s: float
    mass_kg: float
    thrust_min_n: float
    thrust_max_n: float
    exhaust_m_s: float
    downrange_m: float | None = None
    clearance_m: float | None = None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class BrakingOptimum(Glance):
    """The optimum.

    Attributes:
        duration_s, fuel_kg, delta_v_m_s, downrange_m: of the solution.
        slack: largest sigma - |u| over the largest sigma: 0 where the relaxation is exact.
        integrated_fuel_kg, miss_m, miss_m_s: fuel of the thrust found, integrated without the programme's
            linearisation, and how far from the end asked for that flight arrives.
        times_s (n,), state (n, 5): place (m) and velocity (m/s) in the plane, mass (kg); thrust_n (n, 2).
    """

    duration_s: float
    fuel_kg: float
    delta_v_m_s: float
    downrange_m: float
    slack: float
    integrated_fuel_kg: float
    miss_m: float
    miss_m_s: float
    times_s: F64
    state: F64
    thrust_n: F64

    def _facts(self) -> dict[str, str]:
        return {
            "fuel": f"{self.fuel_kg:.1f} kg",
            "time": f"{self.duration_s:.0f} s",
            "slack": f"slack {self.slack:.1g}",
        }


def braking_optimum(problem: BrakingProblem, duration_s: float) -> BrakingOptimum:
    """The braking with the least fuel.

    Args:
        problem: what is asked. duration_s: a time near the best, as of guided braking; 0.75 to 1.3 of it are searched.

    Raises NothingLeftError when no braking within the thrust exists near that time.
    """
    if not (0.0 <= problem.thrust_min_n < problem.thrust_max_n and problem.mass_kg > 0.0 and duration_s > 0.0):
        raise InputError("descent optimum: thrust, mass or time make no sense", "give positive numbers, min below max")
    unit = _Scaled(problem)
    held: dict[float, _Solved | None] = {}

    def burnt(time_s: float) -> float:
        # Times too short for the thrust have no solution: they count as worse the shorter they are.
        held[time_s] = found = unit.solved(time_s)
        return 10.0 - time_s / duration_s if found is None else float(-found.z[-1])

    low, high = 0.75 * duration_s, 1.3 * duration_s
    inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
    values = [burnt(t) for t in inner]
    while high - low > TIME_WITHIN * duration_s:
        if values[0] <= values[1]:
            high, inner, values = inner[1], [0.0, inner[0]], [0.0, values[0]]
            inner[0] = high - GOLDEN * (high - low)
            values[0] = burnt(inner[0])
        else:
            low, inner, values = inner[0], [inner[1], 0.0], [values[1], 0.0]
            inner[1] = low + GOLDEN * (high - low)
            values[1] = burnt(inner[1])
    known = {t: found for t, found in held.items() if found is not None}
    if not known:
        raise NothingLeftError(
            f"descent optimum: no braking within {problem.thrust_max_n:.0f} N in {low:.0f} to {high:.0f} s",
            "raise the thrust, lighten the lander, or relax distance and clearance",
        )
    best = min(known, key=lambda t: -known[t].z[-1])
    return unit.finished(best, known[best])


@dataclass(frozen=True, eq=False)
class _Solved:
    r: F64
    v: F64
    z: F64
    u: F64
    sigma: F64


class _Scaled:
    """The problem in units of the Moon's radius, the circular speed there and the first mass."""

    def __init__(self, problem: BrakingProblem) -> None:
        self.problem = problem
        self.length = problem.radius_m
        self.speed = float(np.sqrt(problem.gm_m3_s2 / problem.radius_m))
        self.time = self.length / self.speed
        push = self.speed**2 / self.length * problem.mass_kg
        self.least, self.most = problem.thrust_min_n / push, problem.thrust_max_n / push
        self.exhaust = problem.exhaust_m_s / self.speed
        self.start = np.array([0.0, problem.start_radius_m / self.length, problem.start_speed_m_s / self.speed, 0.0])
        self.end_radius = 1.0 + problem.end_height_m / self.length
        self.end_along, self.end_up = problem.end_speed_m_s / self.speed, -problem.end_sink_m_s / self.speed
        self.last: _Solved | None = None

    def solved(self, duration_s: float) -> _Solved | None:
        """The solution for one time of flight, None where there is none."""
        total = duration_s / self.time
        about = self.last or self._guess(total)
        for _ in range(MOST_ROUNDS):
            found = self._programme(total, about)
            if found is None:
                return None
            moved = float(np.abs(found.r - about.r).max() + np.abs(found.z - about.z).max())
            about = found
            if moved < SETTLED:
                self.last = found
                return found
        return None

    def _guess(self, total: float) -> _Solved:
        share = np.linspace(0.0, 1.0, NODES)
        speed = self.start[2] + share * (self.end_along - self.start[2])
        angle = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * np.diff(share) * total)])
        if self.problem.downrange_m is not None:
            angle *= self.problem.downrange_m / self.length / angle[-1]
        radius = self.start[1] + share * (self.end_radius - self.start[1])
        r = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
        z = share * -min(1.5, 1.1 * (self.start[2] - self.end_along) / self.exhaust)
        return _Solved(r, np.zeros_like(r), z, np.zeros_like(r), np.zeros(NODES))

    def _programme(self, total: float, about: _Solved) -> _Solved | None:
        import clarabel

        n, dt = NODES, total / (NODES - 1)
        # columns: r (2n), v (2n), z (n), u (2n), sigma (n)
        at = {"r": 0, "v": 2 * n, "z": 4 * n, "u": 5 * n, "s": 7 * n}
        equal, above = _Rows(8 * n), _Rows(8 * n)
        distance = np.linalg.norm(about.r, axis=1)
        pull = -about.r / distance[:, None] ** 3
        tide = (3.0 * about.r[:, :, None] * about.r[:, None, :] / distance[:, None, None] ** 2 - np.eye(2)) / distance[
            :, None, None
        ] ** 3
        rest = pull - np.einsum("nij,nj->ni", tide, about.r)
        for k in range(2):
            equal.add({at["r"] + k: 1.0}, self.start[k])
            equal.add({at["v"] + k: 1.0}, self.start[2 + k])
        equal.add({at["z"]: 1.0}, 0.0)
        for i in range(n - 1):
            for k in range(2):
                for name, first, second in (("v", dt / 2.0, dt / 2.0), ("r", dt * dt / 3.0, dt * dt / 6.0)):
                    row = {at[name] + 2 * (i + 1) + k: 1.0, at[name] + 2 * i + k: -1.0}
                    if name == "r":
                        row[at["v"] + 2 * i + k] = -dt
                    for j, weight in ((i, first), (i + 1, second)):
                        row[at["u"] + 2 * j + k] = -weight
                        for m in range(2):
                            column = at["r"] + 2 * j + m
                            row[column] = row.get(column, 0.0) - weight * tide[j, k, m]
                    equal.add(row, first * rest[i, k] + second * rest[i + 1, k])
            step = dt / (2.0 * self.exhaust)
            equal.add({at["z"] + i + 1: 1.0, at["z"] + i: -1.0, at["s"] + i: step, at["s"] + i + 1: step}, 0.0)
        self._ends(equal, at, about)
        for i in range(n):
            light = np.exp(-about.z[i])
            above.add({at["s"] + i: 1.0, at["z"] + i: self.most * light}, self.most * light * (1.0 + about.z[i]))
            above.add({at["s"] + i: -1.0, at["z"] + i: -self.least * light}, -self.least * light * (1.0 + about.z[i]))
            if self.problem.clearance_m is not None and 0 < i < n - 1:
                up = about.r[i] / distance[i]
                above.add({at["r"] + 2 * i: -up[0], at["r"] + 2 * i + 1: -up[1]},
                          -1.0 - self.problem.clearance_m / self.length)  # fmt: skip
        cone = _Rows(8 * n)
        for i in range(n):
            cone.add({at["s"] + i: -1.0}, 0.0)
            cone.add({at["u"] + 2 * i: -1.0}, 0.0)
            cone.add({at["u"] + 2 * i + 1: -1.0}, 0.0)
        cost = np.zeros(8 * n)
        cost[at["z"] + n - 1] = -1.0
        matrix = sparse.vstack([equal.matrix(), above.matrix(), cone.matrix()]).tocsc()
        right = np.concatenate([equal.right, above.right, cone.right])
        cones = [clarabel.ZeroConeT(len(equal.right)), clarabel.NonnegativeConeT(len(above.right))]
        cones += [clarabel.SecondOrderConeT(3)] * n
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        answer = clarabel.DefaultSolver(sparse.csc_matrix((8 * n, 8 * n)), cost, matrix, right, cones, settings).solve()
        if str(answer.status) != "Solved":
            return None
        x = np.array(answer.x)
        return _Solved(
            x[: 2 * n].reshape(n, 2), x[2 * n : 4 * n].reshape(n, 2), x[4 * n : 5 * n],
            x[5 * n : 7 * n].reshape(n, 2), x[7 * n :],
        )  # fmt: skip

    def _ends(self, equal: "_Rows", at: dict[str, int], about: _Solved) -> None:
        last = 2 * (NODES - 1)
        x, y = at["r"] + last, at["r"] + last + 1
        if self.problem.downrange_m is None:
            up = about.r[-1] / np.linalg.norm(about.r[-1])
            equal.add({x: up[0], y: up[1]}, self.end_radius)
        else:
            angle = self.problem.downrange_m / self.length
            equal.add({x: 1.0}, self.end_radius * np.sin(angle))
            equal.add({y: 1.0}, self.end_radius * np.cos(angle))
        # v = along * (y, -x) / radius + up * (x, y) / radius, linear in the place
        along, up_speed = self.end_along / self.end_radius, self.end_up / self.end_radius
        equal.add({at["v"] + last: 1.0, y: -along, x: -up_speed}, 0.0)
        equal.add({at["v"] + last + 1: 1.0, x: along, y: -up_speed}, 0.0)

    def finished(self, duration_s: float, found: _Solved) -> BrakingOptimum:
        """In SI units, flown once more without the programme."""
        times = np.linspace(0.0, duration_s / self.time, NODES)

        def rates(t: float, y: F64) -> F64:
            u = np.array([np.interp(t, times, found.u[:, 0]), np.interp(t, times, found.u[:, 1])])
            gravity = -y[:2] / np.linalg.norm(y[:2]) ** 3
            return np.array([*y[2:4], *(gravity + u), -float(np.linalg.norm(u)) / self.exhaust])

        step = times[1]
        end = solve_ivp(rates, (0.0, times[-1]), [*self.start, 0.0], rtol=1e-10, atol=1e-12, max_step=step).y[:, -1]
        goal = np.concatenate([found.r[-1], found.v[-1]])
        mass = self.problem.mass_kg
        angle = float(np.arctan2(found.r[-1, 0], found.r[-1, 1]))
        masses = mass * np.exp(found.z)
        return BrakingOptimum(
            duration_s=duration_s,
            fuel_kg=float(mass - masses[-1]),
            delta_v_m_s=float(-found.z[-1] * self.problem.exhaust_m_s),
            downrange_m=angle * self.length,
            slack=float((found.sigma - np.linalg.norm(found.u, axis=1)).max() / found.sigma.max()),
            integrated_fuel_kg=float(mass * -np.expm1(end[4])),
            miss_m=float(np.linalg.norm(end[:2] - goal[:2]) * self.length),
            miss_m_s=float(np.linalg.norm(end[2:4] - goal[2:]) * self.speed),
            times_s=times * self.time,
            state=np.concatenate([found.r * self.length, found.v * self.speed, masses[:, None]], axis=1),
            thrust_n=found.u * masses[:, None] * self.speed**2 / self.length,
        )


class _Rows:
    """Rows of a sparse matrix with their right sides."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows: list[int] = []
        self.at: list[int] = []
        self.values: list[float] = []
        self.right: list[float] = []

    def add(self, row: dict[int, float], right: float) -> None:
        """One row: column -> value, and its right side."""
        self.rows += [len(self.right)] * len(row)
        self.at += list(row)
        self.values += list(row.values())
        self.right.append(right)

    def matrix(self) -> sparse.csc_matrix:
        """All rows as a sparse matrix."""
        return sparse.csc_matrix((self.values, (self.rows, self.at)), shape=(len(self.right), self.columns))
