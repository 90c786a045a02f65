// Places on the polar map of the Moon. Own formulas: projection libraries are only checked against them.

export const RADIUS_M = 1737400;
const DEG = Math.PI / 180;

export function latLon(x: number, y: number, pole: string): [number, number] {
  const colatitude = 2 * Math.atan2(Math.hypot(x, y), 2 * RADIUS_M) / DEG;
  const lon = Math.atan2(x, pole === "south" ? y : -y) / DEG;
  return [pole === "south" ? colatitude - 90 : 90 - colatitude, (lon + 360) % 360];
}

export function mapXY(lat: number, lon: number, pole: string): [number, number] {
  const colatitude = (pole === "south" ? 90 + lat : 90 - lat) * DEG;
  const rho = 2 * RADIUS_M * Math.tan(colatitude / 2);
  const y = rho * Math.cos(lon * DEG);
  return [rho * Math.sin(lon * DEG), pole === "south" ? y : -y];
}

/** Map metres per metre on the ground. */
export function stretch(x: number, y: number): number {
  return 1 + (x * x + y * y) / (4 * RADIUS_M * RADIUS_M);
}

/** Metres along the great circle between two map points. */
export function distance(a: number[], b: number[]): number {
  const p = unit(a[0], a[1]), q = unit(b[0], b[1]);
  const cross = Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
  return RADIUS_M * Math.atan2(cross, p[0] * q[0] + p[1] * q[1] + p[2] * q[2]);
}

export function length(line: number[][]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distance(line[i], point), 0);
}

/** Ground area (m2) of a ring of map points with straight map edges, whatever it goes round. */
export function area(ring: number[][]): number {
  // div F = 1 / stretch^2 for F = (x, y) / (2 stretch): the area is an integral along the edge (16 Simpson parts each).
  let sum = 0;
  const closed = [...ring, ring[0]];
  for (let i = 0; i + 1 < closed.length; i++) {
    const [x0, y0] = closed[i], [x1, y1] = closed[i + 1];
    const cross = x0 * y1 - x1 * y0; // x dy - y dx is the same all along a straight edge
    let part = 0;
    for (let k = 0; k <= 16; k++) {
      const t = k / 16, weight = k === 0 || k === 16 ? 1 : k % 2 ? 4 : 2;
      part += weight / stretch(x0 + t * (x1 - x0), y0 + t * (y1 - y0));
    }
    sum += cross * part / 48 / 2;
  }
  return Math.abs(sum);
}

export function unit(x: number, y: number): [number, number, number] {
  const u = x / RADIUS_M, v = y / RADIUS_M, q = (u * u + v * v) / 4;
  return [u / (1 + q), v / (1 + q), (1 - q) / (1 + q)];
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** A map point in the Lunar Grid Reference System (USGS 2024), full and condensed (ACC), cut to the metre; "" below 80 degrees. */
export function lunarGrid(x: number, y: number, pole: string): [string, string] | null {
  if (Math.abs(latLon(x, y, pole)[0]) < 80) return null;
  const snapped = (v: number) => Math.abs(v - Math.round(v)) < 1e-3 ? Math.round(v) : v;
  const east = snapped(0.994 * x), north = snapped(0.994 * y), square = 25000;
  const zone = pole === "south" ? (east < 0 ? "A" : "B") : (east < 0 ? "Y" : "Z");
  const column = Math.floor(east / square), row = Math.floor(north / square);
  const letters = zone + LETTERS[(column + LETTERS.length) % LETTERS.length] + LETTERS[row + 12];
  const inside = [east - column * square, north - row * square];
  const condensed = inside.map((v) => `-${LETTERS}`[Math.floor(v / 1000)] + String(Math.floor(v % 1000)).padStart(3, "0"));
  return [letters + inside.map((v) => String(Math.floor(v)).padStart(5, "0")).join(""), letters + condensed.join("")];
}

export function gridWords(x: number, y: number, pole: string): string {
  const found = lunarGrid(x, y, pole);
  return found ? `LGRS ${found[0]} (${found[1]})` : "";
}

export function nice(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  for (const step of [5, 2, 1]) if (step * power <= most) return step * power;
  return power;
}

export function metres(value: number): string {
  if (value >= 1e5) return `${(value / 1e3).toFixed(0)} km`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e4 ? 1 : 2)} km`;
  return `${value.toFixed(value >= 10 ? 0 : 2)} m`;
}

export function squareMetres(value: number): string {
  return value >= 1e5 ? `${(value / 1e6).toPrecision(4)} km²` : `${value.toPrecision(4)} m²`;
}

export function utc(ms: number): string {
  return new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
}

export function iso(ms: number): string {
  return new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 19) + "Z";
}

export function shown(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return `${value}${unit && unit !== "°" ? " " + unit : unit}`;
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return `${value.toFixed(digits)}${unit && unit !== "°" ? " " + unit : unit}`;
}
