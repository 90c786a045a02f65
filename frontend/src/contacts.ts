// Contacts: passes of a site by station on the time line of the map; the link margin of a pass.

import { get, post, Study } from "./api";
import { chart } from "./charts";
import { COLOURS, copyable, el, trying } from "./dom";
import { shown, utc } from "./geo";

interface Pass { station: string; aos_ms: number; los_ms: number; max_elevation_deg: number; min_range_m: number }
interface Contacts { site: string; notes: string[]; stations: { name: string; title: string; min_elevation_deg: number | null }[]; passes: Pass[]; booked: { station: string; start_ms: number; stop_ms: number }[]; series: { station: string | null; times_ms: number[]; elevation_deg: number[]; margin_db: number[] } }
interface Budget { title: string; closes: boolean; required_margin_db: number; margins: Record<string, { design_db: number; mean_db: number; worst_db: number }> }

const ROW = 34, LEFT = 170;

export class ContactsPanel {
  readonly page = el("div");
  private readonly canvas = el("canvas", { class: "draw", id: "passes", tabIndex: 0, role: "img", "aria-label": "Passes by station over ten days around the slider's time" });
  private readonly detail = el("div");
  private found: Contacts | null = null;

  constructor(private readonly study: Study, private readonly now: () => number, private readonly setTime: (ms: number) => void) {
    const choose = el("select", { "aria-label": "Site", onchange: () => void trying(() => this.load(choose.value)) }, ...study.sites.map((site) => el("option", { value: site.name }, site.name)));
    this.page.append(el("h2", {}, "Contacts"), el("div", { class: "row" }, choose), this.canvas, el("p", { class: "small" }, "Ten days around the slider's time; bright: booked. Click a pass for its link margin."), this.detail);
    const site = study.sites[0];
    if (site) this.page.append(copyable(`from lupex.catalogue import station\nfrom lupex.ground import contact_plan\nfrom lupex.ephemeris import utc_to_tdb_s\nfrom lupex.model import LunarPlace\n\nplace = LunarPlace(name="${site.name}", lat_deg=${site.lat_deg.toFixed(5)}, lon_deg=${site.lon_deg.toFixed(5)})\nspan = tuple(float(t) for t in utc_to_tdb_s(["${study.season.start_utc}", "${study.season.stop_utc}"]))\nprint(contact_plan([station("misasa")], place, span).passes)`, `lupex contacts ${site.lat_deg.toFixed(5)} ${site.lon_deg.toFixed(5)} --start ${study.season.start_utc} --stop ${study.season.stop_utc} --stations misasa`));
    this.canvas.addEventListener("click", (event) => { const pass = this.passAt(event); if (pass) void trying(() => this.link(pass)); });
    if (study.sites.length) void trying(() => this.load(study.sites[0].name));
  }

  private async load(site: string): Promise<void> {
    try {
      this.found = await get<Contacts>(`/api/contacts/${encodeURIComponent(site)}`);
    } catch (error) { this.found = null; this.detail.replaceChildren(el("p", { class: "warnt" }, (error as Error).message)); }
    this.tick();
    if (!this.found) return;
    const series = this.found.series, here = el("div");
    this.detail.replaceChildren(here, ...this.found.notes.map((note) => el("p", { class: "small" }, note)));
    if (series.times_ms.length) chart(here, `a pass over ${series.station}`, series.times_ms, [{ label: "elevation, °", values: series.elevation_deg, colour: "#6db3ff" }, { label: "margin, dB", values: series.margin_db, colour: "#ffb35f" }], { height: 150 });
  }

  private get span(): [number, number] { const now = this.now(); return [now - 5 * 864e5, now + 5 * 864e5]; }

  tick(): void {
    const found = this.found;
    if (!found || !this.canvas.isConnected) return;
    const width = this.canvas.width = Math.max(300, this.canvas.clientWidth) * 2, height = this.canvas.height = ROW * found.stations.length + 40, g = this.canvas.getContext("2d")!;
    const [from, to] = this.span, X = (ms: number) => LEFT + (ms - from) / (to - from) * (width - LEFT - 10);
    g.fillStyle = "#0d1014"; g.fillRect(0, 0, width, height);
    g.font = "20px system-ui, sans-serif"; g.textBaseline = "middle";
    for (let day = Math.ceil(from / 864e5) * 864e5; day < to; day += 864e5) {
      g.fillStyle = "#2a323d"; g.fillRect(X(day), 0, 1, height - 34);
      g.fillStyle = "#aab4c0"; g.textAlign = "center";
      if ((day / 864e5) % 2 === 0) g.fillText(new Date(day).toISOString().slice(5, 10), X(day), height - 16);
    }
    found.stations.forEach((station, row) => {
      const y = row * ROW;
      g.fillStyle = "#e8ebef"; g.textAlign = "right"; g.fillText(station.name, LEFT - 10, y + ROW / 2);
      g.save(); g.beginPath(); g.rect(LEFT, 0, width - LEFT, height); g.clip();
      g.fillStyle = COLOURS[row % COLOURS.length] + "66";
      for (const pass of found.passes) if (pass.station === station.name && pass.los_ms > from && pass.aos_ms < to) g.fillRect(X(pass.aos_ms), y + 8, Math.max(2, X(pass.los_ms) - X(pass.aos_ms)), ROW - 16);
      g.fillStyle = COLOURS[row % COLOURS.length];
      for (const one of found.booked) if (one.station === station.name && one.stop_ms > from && one.start_ms < to) g.fillRect(X(one.start_ms), y + 8, Math.max(2, X(one.stop_ms) - X(one.start_ms)), ROW - 16);
      g.restore();
    });
    g.fillStyle = "#fff"; g.fillRect(X(this.now()) - 1, 0, 2, height - 34);
  }

  private passAt(event: MouseEvent): Pass | null {
    const found = this.found;
    if (!found) return null;
    const box = this.canvas.getBoundingClientRect(), x = (event.clientX - box.left) * this.canvas.width / box.width, y = (event.clientY - box.top) * this.canvas.height / box.height;
    const [from, to] = this.span, ms = from + (x - LEFT) / (this.canvas.width - LEFT - 10) * (to - from), station = found.stations[Math.floor(y / ROW)]?.name;
    return found.passes.find((pass) => pass.station === station && pass.aos_ms <= ms && ms <= pass.los_ms) ?? null;
  }

  nextPass(): void {
    const next = this.found?.passes.map((pass) => pass.aos_ms).filter((ms) => ms > this.now() + 1000).sort((a, b) => a - b)[0];
    if (next !== undefined) this.setTime(next);
  }

  private async link(pass: Pass): Promise<void> {
    const place = el("div");
    this.detail.replaceChildren(el("h3", {}, `${pass.station}: ${utc(pass.aos_ms)} to ${utc(pass.los_ms)}`), el("p", {}, `highest ${shown(pass.max_elevation_deg, "°")}, nearest ${(pass.min_range_m / 1e3).toFixed(0)} km`), place);
    const asked = { station: pass.station, range_m: pass.min_range_m, elevation_deg: Math.min(90, pass.max_elevation_deg) };
    try {
      const budget = await post<Budget>("/api/link", asked);
      place.append(el("p", { class: budget.closes ? "good" : "bad" }, `${budget.title}: ${budget.closes ? "closes" : "does not close"} (${budget.required_margin_db} dB asked for)`),
        el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "Margin"), el("th", { class: "n" }, "design, dB"), el("th", { class: "n" }, "worst, dB"))),
          el("tbody", {}, ...Object.entries(budget.margins).map(([name, margin]) => el("tr", {}, el("td", {}, name), el("td", { class: "n" }, shown(margin.design_db)), el("td", { class: "n" }, shown(margin.worst_db)))))));
    } catch (error) { place.append(el("p", { class: "warnt" }, `no budget: ${(error as Error).message}`)); }
    place.append(copyable(`from lupex.study import link_asked, link_budget\nfrom lupex.mission import load_mission\n\nmission = load_mission()\nbudget = link_budget("${pass.station}", mission.ground.radio, ${asked.range_m.toFixed(0)}, ${asked.elevation_deg.toFixed(2)}, link_asked(mission.link))`, `lupex link ${pass.station} ${this.study.radio} --range ${(asked.range_m / 1e3).toFixed(0)} --elevation ${asked.elevation_deg.toFixed(2)}`));
  }
}
