// Ask a place: the value of every map, the panorama, the calendar, temperatures with depth.

import { frozen, get, Study } from "./api";
import { chart, Horizon, panorama } from "./charts";
import { copyable, el, trying } from "./dom";
import { gridWords, shown } from "./geo";

interface Value { name: string; label: string; value: number; shown: number; unit: string; part: string; cell_m: number; synthetic: string; meaning: string }
interface Values { lat_deg: number; lon_deg: number; x_m: number; y_m: number; rows: Value[] }
interface Calendar { days_ms: number[]; lit_fraction: number[]; earth_fraction: number[]; both_fraction: number[]; synthetic: string }
interface Profile { depth_m: number[]; mean_k: number[]; min_k: number[]; max_k: number[]; ground: string; ice: { depth_m: number | null; low_m: number | null; high_m: number | null; class: string; limit_kg_m2_gyr: number } }
interface Position { site: string; wanted_m: number; wanted_days: number; methods: string[]; stations: string[]; notes: string[]; rows: { methods: string; days: number; sigma_east_m: number | null; sigma_north_m: number | null; sigma_up_m: number | null }[] }

export class PlacePanel {
  readonly page = el("div", {}, el("p", {}, "Click the map to ask a place."));
  private asked = 0;
  private horizon: Horizon | null = null;
  private canvas: HTMLCanvasElement | null = null;

  constructor(private readonly study: Study, private readonly now: () => number, private readonly start: () => string) {}

  async ask(lat: number, lon: number, first: string): Promise<void> {
    const mine = ++this.asked, place = { lat_deg: lat, lon_deg: lon };
    this.horizon = null;
    this.page.replaceChildren(el("p", { role: "status" }, "asking ..."));
    let values: Values;
    try {
      values = await get<Values>("/api/place", place);
    } catch (error) {
      if (mine === this.asked) this.page.replaceChildren(el("p", { class: "bad" }, (error as Error).message));
      return;
    }
    if (mine !== this.asked) return;
    const rows = [...values.rows].sort((a, b) => Number(b.name === first) - Number(a.name === first) || a.label.localeCompare(b.label));
    const view = el("div"), days = el("div"), depth = el("div"), fix = el("div");
    const site = rows.find((row) => row.part !== "region")?.part;
    this.page.replaceChildren(
      el("h2", {}, `${lat.toFixed(5)}°, ${lon.toFixed(5)}° E`),
      el("p", { class: "small" }, `x ${values.x_m.toFixed(1)} m, y ${values.y_m.toFixed(1)} m; ${gridWords(values.x_m, values.y_m, this.study.pole) || "no LGRS square"}; ground of ${rows[0].part}, cells of ${rows[0].cell_m} m${rows[0].synthetic ? `, synthetic ${rows[0].synthetic}` : ""}`),
      view, days, depth, fix,
      el("table", { id: "values" }, el("thead", {}, el("tr", {}, el("th", {}, "Map"), el("th", { class: "n" }, "Value"), el("th", {}, "From"))),
        el("tbody", {}, ...rows.map((row) => el("tr", { class: row.name === first ? "on" : "", title: row.meaning, "data-name": row.name, "data-value": row.value },
          el("td", {}, row.label), el("td", { class: "n" }, shown(row.shown, row.unit)), el("td", { class: "small" }, `${row.part}, ${row.cell_m} m`))))),
      copyable(`import lupex\nfrom lupex.study import light_summary_at, point_terrain\n\nterrain = point_terrain("default", ${lat.toFixed(5)}, ${lon.toFixed(5)})\nsky = lupex.sky_span("2028-01-01", "2029-01-01", 3600.0)\nprint(light_summary_at(terrain, ${lat.toFixed(5)}, ${lon.toFixed(5)}, sky))`,
        `lupex light default ${lat.toFixed(5)} ${lon.toFixed(5)} --start 2028-01-01 --stop 2029-01-01 --step 3600 --summary --json`));
    await Promise.all([this.showHorizon(mine, view, place), this.showCalendar(mine, days, place)]);
    const warm = el("button", { type: "button", onclick: () => void trying(() => this.showDepth(depth, place)) }, "Temperature with depth");
    if (mine !== this.asked) return;
    if (!frozen) depth.append(warm);
    if (site) await this.showPosition(mine, fix, site);
  }

  /** Redraw what moves with the time. */
  tick(): void { if (this.horizon && this.canvas?.isConnected) panorama(this.canvas, this.horizon, this.now()); }

  private async showHorizon(mine: number, into: HTMLElement, place: { lat_deg: number; lon_deg: number }): Promise<void> {
    try {
      const horizon = await get<Horizon>("/api/place/skyline", { ...place, start_utc: this.start(), days: 29, height_m: 2 });
      if (mine !== this.asked) return;
      this.horizon = horizon;
      this.canvas = el("canvas", { class: "draw", role: "img", "aria-label": "Skyline by azimuth with the tracks of Sun (yellow) and Earth (blue)" });
      into.append(el("h3", {}, "Skyline from 2 m, with Sun and Earth of 29 days"), this.canvas,
        el("p", { class: "small" }, `${horizon.ground}${horizon.synthetic ? `; ${horizon.synthetic}` : ""}. Rings: at the time of the slider.`));
      this.tick();
    } catch (error) { into.append(el("p", { class: "warnt" }, `no skyline: ${(error as Error).message}`)); }
  }

  private async showCalendar(mine: number, into: HTMLElement, place: { lat_deg: number; lon_deg: number }): Promise<void> {
    try {
      const days = await get<Calendar>("/api/place/calendar", place);
      if (mine !== this.asked) return;
      const here = el("div");
      into.append(el("h3", {}, "Share of each day, from 2 m"), here);
      const percent = (values: number[]) => values.map((v) => v === null ? null : 100 * v) as number[];
      chart(here, "", days.days_ms, [
        { label: "Sun", values: percent(days.lit_fraction), colour: "#ffd166", fill: "#ffd16630" },
        { label: "Earth", values: percent(days.earth_fraction), colour: "#6db3ff" },
        { label: "both", values: percent(days.both_fraction), colour: "#7fe0a0" },
      ], { unit: "%", height: 160 });
    } catch (error) { into.append(el("p", { class: "warnt" }, `no calendar: ${(error as Error).message}`)); }
  }

  private async showDepth(into: HTMLElement, place: { lat_deg: number; lon_deg: number }): Promise<void> {
    into.replaceChildren(el("p", { role: "status" }, "computing temperatures ..."));
    try {
      const profile = await get<Profile>("/api/place/temperature", place);
      const here = el("div");
      const ice = profile.ice;
      into.replaceChildren(el("h3", {}, "Temperature with depth"), here, el("p", { id: "ice" }, ice.depth_m === null ? "Water ice would not last at any depth of this column." : `Water ice lasts below ${shown(ice.depth_m, "m")} (${shown(ice.low_m, "m")} to ${shown(ice.high_m, "m")}), class: ${ice.class}.`),
        el("p", { class: "small" }, `Loses at most ${ice.limit_kg_m2_gyr} kg/m² in 10⁹ years. The real Sun behind the place's own skyline; ${profile.ground}.`),
        copyable(`from lupex.study import place_profile\n\nprofile = place_profile("default", ${place.lat_deg.toFixed(5)}, ${place.lon_deg.toFixed(5)})\nprint(profile.depth_m, profile.mean_k)`, `lupex thermal place default ${place.lat_deg.toFixed(5)} ${place.lon_deg.toFixed(5)} --json`));
      chart(here, "", profile.depth_m, [
        { label: "most", values: profile.max_k, colour: "#ff8a6b" }, { label: "mean", values: profile.mean_k, colour: "#e8ebef" },
        { label: "least", values: profile.min_k, colour: "#6db3ff" },
      ], { unit: "K", time: false, xLabel: "depth, m" });
    } catch (error) { into.replaceChildren(el("p", { class: "warnt" }, (error as Error).message)); }
  }

  /** How well a lander's place would be known at the site whose map holds the place, where the study says it. */
  private async showPosition(mine: number, into: HTMLElement, site: string): Promise<void> {
    let found: Position;
    try { found = await get<Position>(`/api/position/${encodeURIComponent(site)}`); } catch { return; }
    if (mine !== this.asked || found.rows.length === 0) return; // a study need not hold the chapter
    const rows = found.rows.slice(0, 60);
    into.append(el("details", { id: "position" }, el("summary", {}, `Position of a lander at ${site}: wanted within ${shown(found.wanted_m, "m")} after ${shown(found.wanted_days, "days")}`),
      el("table", {}, el("thead", {}, el("tr", {}, ...["Data and methods", "Days"].map((one) => el("th", {}, one)), ...["East, m", "North, m", "Up, m"].map((one) => el("th", { class: "n" }, one)))),
        el("tbody", {}, ...rows.map((row) => el("tr", {}, el("td", {}, row.methods.replaceAll("+", " + ").replaceAll("_", " ")), el("td", {}, shown(row.days)), ...[row.sigma_east_m, row.sigma_north_m, row.sigma_up_m].map((one) => el("td", { class: "n" }, shown(one))))))),
      el("p", { class: "small" }, `One standard deviation. ${found.notes.join(" ")}`),
      copyable(`import json\n\nstudy = json.load(open("study.json"))\nsite = next(s for s in study["sites"] if s["site"]["candidate"]["name"] == "${site}")\nprint(site["position"]["rows"])`, "lupex study --json   # position: [position] of the mission file")));
  }

  get pole(): string { return this.study.pole; }
}
