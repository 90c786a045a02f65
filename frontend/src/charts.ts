// Charts. Whatever is not finite becomes a gap before uPlot sees it: NaN and the -inf dB of a closed link alike.

import uPlot from "uplot";

export function gaps(values: ArrayLike<number | null | boolean>): (number | null)[] {
  return Array.from(values, (v) => typeof v === "boolean" ? Number(v) : v !== null && Number.isFinite(v) ? v : null);
}

export interface Line { label: string; values: ArrayLike<number | null | boolean>; colour: string; fill?: string }

const AXIS = { stroke: "#aab4c0", grid: { stroke: "#2a323d", width: 1 }, ticks: { stroke: "#2a323d", width: 1 } };

/** Times of an axis, as short as they can be told apart; 24 hours, UTC. */
function clock(splits: number[]): string[] {
  const step = splits.length > 1 ? splits[1] - splits[0] : 864e5;
  return splits.map((ms) => { const words = new Date(ms).toISOString(); return step < 864e5 ? words.slice(11, 16) : step < 20 * 864e5 ? words.slice(5, 10) : words.slice(0, 7); });
}

/** A chart of lines over ascending x (Float64); times are milliseconds since 1970, drawn as UTC. */
export function chart(into: HTMLElement, title: string, x: ArrayLike<number>, lines: Line[], how: { unit?: string; time?: boolean; xLabel?: string; height?: number } = {}): uPlot {
  into.replaceChildren();
  into.classList.add("chart");
  const time = how.time ?? true;
  const plot = new uPlot({
    ...(title ? { title } : {}), width: Math.max(240, into.clientWidth || 370), height: how.height ?? 170, ms: 1,
    tzDate: (ms) => uPlot.tzDate(new Date(ms), "Etc/UTC"),
    scales: { x: { time } },
    axes: [{ ...AXIS, ...(time ? { values: (_u: uPlot, splits: number[]) => clock(splits) } : {}), label: how.xLabel, labelSize: how.xLabel ? 20 : 0 }, { ...AXIS, label: how.unit, labelSize: how.unit ? 22 : 0, size: 52 }],
    series: [{ label: time ? "UTC" : how.xLabel ?? "x" }, ...lines.map((line) => ({ label: line.label, stroke: line.colour, fill: line.fill, width: 1.5, spanGaps: false, points: { show: false } }))],
    cursor: { drag: { x: true, y: false } },
  }, [Float64Array.from(x), ...lines.map((line) => gaps(line.values))] as uPlot.AlignedData, into);
  return plot;
}

export interface Horizon {
  skyline: { azimuth_true_deg: number[]; elevation_deg: number[] };
  times_ms: number[];
  sun: { azimuth_true_deg: number[]; elevation_deg: number[]; radius_deg: number[]; disc_fraction: number[] };
  earth: { azimuth_true_deg: number[]; elevation_deg: number[]; radius_deg: number[]; visible: boolean[] };
  height_m: number; ground: string; synthetic: string;
}

/** The panorama of a place: ground, and where Sun and Earth go; the bodies of `ms` are drawn in size. */
export function panorama(canvas: HTMLCanvasElement, at: Horizon, ms: number): void {
  const width = canvas.width = Math.max(300, canvas.clientWidth) * 2, height = canvas.height = 340, g = canvas.getContext("2d")!;
  const skyline = at.skyline.elevation_deg;
  const low = Math.min(-2, ...skyline), high = Math.max(4, ...skyline, ...at.sun.elevation_deg, ...at.earth.elevation_deg) + 0.5;
  const X = (azimuth: number) => 60 + azimuth / 360 * (width - 70), Y = (elevation: number) => 12 + (high - elevation) / (high - low) * (height - 60);
  g.fillStyle = "#05070b"; g.fillRect(0, 0, width, height);
  g.font = "20px system-ui, sans-serif"; g.textBaseline = "middle"; g.textAlign = "right";
  for (let e = Math.ceil(low); e <= high; e += high - low > 14 ? 4 : 2) {
    g.strokeStyle = e === 0 ? "#5a6879" : "#202833"; g.beginPath(); g.moveTo(60, Y(e)); g.lineTo(width - 10, Y(e)); g.stroke();
    g.fillStyle = "#aab4c0"; g.fillText(`${e}°`, 52, Y(e));
  }
  const dots = (azimuth: number[], elevation: number[], colour: string) => {
    g.fillStyle = colour;
    azimuth.forEach((a, i) => g.fillRect(X(a) - 1.5, Y(elevation[i]) - 1.5, 3, 3));
  };
  dots(at.sun.azimuth_true_deg, at.sun.elevation_deg, "#ffd166");
  dots(at.earth.azimuth_true_deg, at.earth.elevation_deg, "#6db3ff");
  g.fillStyle = "#59616c"; g.strokeStyle = "#c3cad3"; g.lineWidth = 2;
  g.beginPath(); g.moveTo(X(0), Y(low));
  at.skyline.azimuth_true_deg.forEach((a, i) => g.lineTo(X(a), Y(skyline[i])));
  g.lineTo(X(360), Y(skyline[0])); g.lineTo(X(360), Y(low)); g.closePath(); g.fill(); g.stroke();
  g.textAlign = "center"; g.fillStyle = "#aab4c0";
  for (const [a, name] of [[0, "N"], [90, "E"], [180, "S"], [270, "W"], [360, "N"]] as const) g.fillText(name, Math.min(X(a), width - 16), height - 26);
  const i = nearest(at.times_ms, ms);
  if (ms >= at.times_ms[0] - 36e5 && ms <= at.times_ms[at.times_ms.length - 1] + 36e5) {
    for (const [body, colour] of [[at.sun, "#fff2c4"], [at.earth, "#9fd0ff"]] as const) {
      g.strokeStyle = colour; g.lineWidth = 3; g.beginPath();
      g.arc(X(body.azimuth_true_deg[i]), Y(body.elevation_deg[i]), 9, 0, 7); g.stroke();
    }
  }
}

export function nearest(times: number[], ms: number): number {
  let low = 0, high = times.length - 1;
  while (high - low > 1) { const middle = (low + high) >> 1; if (times[middle] <= ms) low = middle; else high = middle; }
  return ms - times[low] < times[high] - ms ? low : high;
}
