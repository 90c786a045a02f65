// Drives: drawn, checked by the server, planned, carried away.

import { Drive, frozen, job, Study } from "./api";
import { chart } from "./charts";
import { copyable, el, save, say, trying } from "./dom";
import { iso, latLon, shown } from "./geo";
import { StudyMap } from "./map";

interface Broken { sentence: string; x_m: number; y_m: number; utc: string }
interface Checked { ok: boolean; sentence: string; begin_utc: string; slack_wh: number; line: Drive; broken?: Broken[]; first_broken?: Broken | null; summary: Record<string, number> | null; ground: string; synthetic_below_m: number | null; rows: Record<string, unknown>[] }
export const MOST_WAYPOINTS = 500;

export class DrivePanel {
  readonly page = el("div");
  private readonly found = el("div", { id: "drive" });
  private readonly copies = el("div");
  private readonly draw = el("button", { type: "button", id: "draw", onclick: () => this.drawRoute() }, "Draw waypoints");
  private readonly plan = el("button", { type: "button", onclick: () => this.planRoute() }, "Plan between two points");
  private readonly shadow = el("button", { type: "button", onclick: () => this.planShadow() }, "Plan into shadow and back");

  constructor(private readonly study: Study, private readonly map: StudyMap, private readonly now: () => number) {
    this.page.append(el("h2", {}, "Drive"), el("p", { class: "small" }, "Drawn waypoints are driven by the server on the mission's ground, with its rover and the light of the days from the slider's time on. Double click ends a drawing."),
      el("div", { class: "row" }, this.draw, this.plan, this.shadow), this.found, this.copies);
    this.copies.append(copyable(`from pathlib import Path\nfrom lupex.mission import load_mission\nfrom lupex.study import checked_drive\n\nchecked = checked_drive(load_mission(), Path("waypoints.csv"), "${iso(now())}")\nprint(checked.broken)`, `lupex traverse check waypoints.csv --start ${iso(now())} --json`));
    if (frozen) { this.busy(true); this.told("A copy without a server checks no drives: open the study with lupex serve.", false); }
  }

  private busy(on: boolean): void { for (const b of [this.draw, this.plan, this.shadow]) b.disabled = on; }

  private drawRoute(): void {
    say("click the waypoints, double click the last; Esc gives up");
    this.map.drawing("LineString", (points) => void trying(() => this.check(points)), undefined);
  }

  async check(points: number[][]): Promise<void> {
    const distinct = points.filter((p, i) => i === 0 || Math.hypot(p[0] - points[i - 1][0], p[1] - points[i - 1][1]) > 0.01);
    this.map.showRoute(distinct);
    if (distinct.length > MOST_WAYPOINTS) { this.told(`${distinct.length} waypoints; the server takes ${MOST_WAYPOINTS}. Draw fewer, or check a file with lupex traverse check`); return; }
    const waypoints = distinct.map(([x, y]) => { const [lat_deg, lon_deg] = latLon(x, y, this.study.pole); return { lat_deg, lon_deg }; });
    await this.ask("/api/drive/check", { waypoints, begin_utc: iso(this.now()) }, waypoints);
  }

  private planRoute(): void {
    say("click the start and the goal");
    this.map.drawing("LineString", (points) => {
      this.map.showRoute(points);
      const [start, goal] = [points[0], points[points.length - 1]].map(([x, y]) => { const [lat_deg, lon_deg] = latLon(x, y, this.study.pole); return { lat_deg, lon_deg }; });
      void trying(() => this.ask("/api/drive/plan", { start, goal, begin_utc: iso(this.now()) }, [start, goal]));
    }, undefined, 2);
  }

  private planShadow(): void {
    say("click the start");
    this.map.drawing("Point", ([[x, y]]) => {
      const [lat_deg, lon_deg] = latLon(x, y, this.study.pole);
      this.map.showRoute([[x, y]]);
      void trying(() => this.ask("/api/drive/plan", { start: { lat_deg, lon_deg }, goal: null, begin_utc: iso(this.now()) }, [{ lat_deg, lon_deg }]));
    });
  }

  private told(words: string, bad = true): void { this.found.replaceChildren(el("p", { class: bad ? "bad" : "", role: "status" }, words)); }

  private async ask(path: string, body: unknown, waypoints: { lat_deg: number; lon_deg: number }[]): Promise<void> {
    this.busy(true);
    this.told("asked ...", false);
    try {
      this.show(await job<Checked>(path, body, (words) => this.told(words, false)), waypoints);
    } catch (error) { this.told((error as Error).message); } finally { this.busy(false); }
  }

  private show(found: Checked, waypoints: { lat_deg: number; lon_deg: number }[]): void {
    this.map.showDrive(found.line, found.first_broken ?? null);
    const battery = el("div"), csv = ["lat_deg,lon_deg", ...waypoints.map((p) => `${p.lat_deg.toFixed(7)},${p.lon_deg.toFixed(7)}`)].join("\n") + "\n";
    const columns = Object.keys(found.rows[0] ?? {});
    const timed = [columns.join(","), ...found.rows.map((row) => columns.map((c) => JSON.stringify(row[c] ?? "")).join(","))].join("\n") + "\n";
    this.found.replaceChildren(
      el("p", { id: "verdict", class: found.ok ? "good" : "bad" }, found.ok ? "Keeps every limit." : `Breaks ${found.broken?.length ?? 0} limits; first: ${found.first_broken?.sentence ?? ""}`),
      el("p", {}, found.sentence),
      el("p", {}, `Battery to spare at the lowest: ${shown(found.slack_wh, "Wh")}; begins ${found.begin_utc}.`), battery,
      found.summary ? el("table", {}, el("tbody", {}, ...Object.entries(found.summary).map(([key, value]) => el("tr", {}, el("td", {}, key.replaceAll("_", " ")), el("td", { class: "n" }, shown(value)))))) : "",
      el("p", { class: "small" }, `${found.ground}${found.synthetic_below_m ? `; synthetic below ${found.synthetic_below_m} m` : ""}`),
      el("div", { class: "row" }, el("button", { type: "button", onclick: () => save("waypoints.csv", csv, "text/csv") }, "Waypoints as CSV"), el("button", { type: "button", onclick: () => save("drive.csv", timed, "text/csv") }, "Timed drive as CSV")));
    this.copies.replaceChildren(copyable(`from pathlib import Path\nfrom lupex.mission import load_mission\nfrom lupex.study import checked_drive\n\nchecked = checked_drive(load_mission(), Path("waypoints.csv"), "${found.begin_utc}")\nprint(checked.broken)`, `lupex traverse check waypoints.csv --start ${found.begin_utc} --json`));
    chart(battery, "", found.line.times_ms, [{ label: "battery", values: found.line.battery_wh, colour: "#6fe08a", fill: "#6fe08a22" }], { unit: "Wh", height: 150 });
  }
}
