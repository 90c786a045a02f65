import "./main.css";
import { frozen, get, Layer, OwnLayer, Study } from "./api";
import { gaps } from "./charts";
import { ContactsPanel } from "./contacts";
import { copyable, el, need, say, trying } from "./dom";
import { DrivePanel } from "./drive";
import { Followable, FollowPanel } from "./follow";
import { area, distance, gridWords, iso, latLon, length, lunarGrid, mapXY, shown, utc } from "./geo";
import { Body, LightMap, loadLight, loadSky, Sky } from "./light";
import { circle, StudyMap } from "./map";
import { PlacePanel } from "./place";
import { SitesPanel } from "./sites";

const HOUR = 36e5, SKY_STEP_S = 3600, FIRST = ["lit_fraction_any", "elevation_m"];

async function begin(): Promise<void> {
  const study = await get<Study>("/api/study");
  document.title = `${study.title} · lupex`;
  need("title").textContent = study.title;
  if (study.synthetic.length) { need("badge").hidden = false; need("badge").textContent = `partly synthetic ground: ${study.synthetic.join(", ")}`; }
  if (study.problems.length) {
    const badge = need("problems");
    badge.hidden = false; badge.textContent = `${study.problems.length} file${study.problems.length > 1 ? "s" : ""} not shown`; badge.title = study.problems.join("\n"); badge.tabIndex = 0;
  }
  if (frozen) { const badge = need("frozen"); badge.hidden = false; badge.title = frozen.missing.join("\n"); badge.textContent = "copy without a server"; badge.tabIndex = 0; badge.setAttribute("aria-label", `copy without a server: ${frozen.missing.join("; ")}`); }
  new Page(study, frozen ? { followed: false, commands: false, archive: null } : await get<Followable>("/api/follow"));
}

class Page {
  private readonly map: StudyMap;
  private layer = "";
  private sky: Sky | null = null;
  private light: LightMap | null = null;
  private ms: number;
  private readonly span: [number, number];
  private playing = 0;
  private readonly slider = need<HTMLInputElement>("time");
  private readonly place: PlacePanel;
  private readonly contacts: ContactsPanel;
  private readonly tabs: HTMLButtonElement[] = [];

  constructor(private readonly study: Study, followable: Followable) {
    const start = study.season.start_utc ?? study.span[0] ?? "2028-01-01T00:00:00Z", stop = study.season.stop_utc ?? study.span[1] ?? "2029-01-01T00:00:00Z";
    this.span = [Date.parse(start), Math.min(Date.parse(stop), Date.parse(start) + 366 * 864e5)];
    this.ms = this.span[0];
    this.map = new StudyMap(study, need("map"));
    this.place = new PlacePanel(study, () => this.ms, () => iso(this.ms));
    const sites = new SitesPanel(study, (site) => this.map.goTo(site.x_m, site.y_m), (order) => this.map.ranks(order));
    const drive = new DrivePanel(study, this.map, () => this.ms);
    this.contacts = new ContactsPanel(study, () => this.ms, (ms) => this.setTime(ms));
    this.tab("Place", this.place.page); this.tab("Sites", sites.page); this.tab("Drive", drive.page); this.tab("Contacts", this.contacts.page);
    for (const name of ["water", "payload"]) if (study.has[name]) this.tab(name === "water" ? "Water" : "Payload", chapter(name));
    let follow: FollowPanel | null = null;
    if (followable.followed) { follow = new FollowPanel(study, this.map, followable, (ms) => { if (ms >= this.span[0] && ms <= this.span[1]) this.setTime(ms); }); this.tab("Follow", follow.page); }
    this.open(follow ? this.tabs.length - 1 : study.sites.length ? 1 : 0);
    this.buildLayers();
    this.buildTime();
    this.buildMap();
    this.buildLight();
    this.buildKeys();
    this.fromHash();
    // For tests: what the page computes, not how it looks.
    (window as unknown as { lupex: unknown }).lupex = { page: this, map: this.map.map, drive, follow, circle, gaps, shares: (ms: number) => Array.from(this.light?.shares(ms) ?? []), seen: (ms: number) => Array.from(this.light?.seen(ms) ?? []), kind: () => this.light?.kind, geo: { area, distance, gridWords, latLon, lunarGrid, length, mapXY } };
  }

  private tab(name: string, page: HTMLElement): void {
    const index = this.tabs.length, id = `page-${index}`;
    const button = el("button", { type: "button", role: "tab", id: `tab-${index}`, "aria-controls": id, onclick: () => this.open(index) }, name);
    button.addEventListener("keydown", (event) => { const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0; if (step) { const to = (index + step + this.tabs.length) % this.tabs.length; this.open(to); this.tabs[to].focus(); } });
    page.id = id; page.setAttribute("role", "tabpanel"); page.setAttribute("aria-labelledby", button.id);
    this.tabs.push(button); need("tabs").append(button); need("pages").append(page);
  }

  private open(index: number): void {
    this.tabs.forEach((button, i) => { button.setAttribute("aria-selected", String(i === index)); button.tabIndex = i === index ? 0 : -1; need(`page-${i}`).hidden = i !== index; });
    this.tick();
  }

  private buildLayers(): void {
    const list = need("list"), shownLayers = [...this.study.layers].sort((a, b) => a.label.localeCompare(b.label));
    for (const layer of shownLayers) {
      const radio = el("input", { type: "radio", name: "layer", value: layer.name, onchange: () => this.showLayer(layer.name) });
      list.append(el("label", { "data-words": `${layer.label} ${layer.name}`.toLowerCase() }, radio, layer.label));
    }
    need<HTMLInputElement>("find").addEventListener("input", (event) => {
      const words = (event.target as HTMLInputElement).value.toLowerCase();
      for (const label of list.children as unknown as HTMLElement[]) label.hidden = !label.dataset.words!.includes(words);
    });
    need<HTMLInputElement>("opacity").addEventListener("input", (event) => this.map.opacity(Number((event.target as HTMLInputElement).value) / 100));
    if (this.study.layers_of_mission) { need("own").hidden = false; void trying(async () => this.map.showOwn(await get<OwnLayer[]>("/api/layers"))); }
    for (const what of ["shade", "graticule", "names", "sites", "own"]) need<HTMLInputElement>(`show-${what}`).addEventListener("change", (event) => this.map.visible(what, (event.target as HTMLInputElement).checked, this.layer));
    const first = FIRST.find((name) => this.study.layers.some((layer) => layer.name === name)) ?? this.study.layers[0]?.name;
    if (first) this.showLayer(first); else say("this study holds no map that can be shown", true);
    const telling = (button: string, kind: "LineString" | "Polygon") => need(button).addEventListener("click", () => { say("click the corners, double click the last"); this.map.measure(kind, (words) => { need("measured").textContent = words; }); });
    telling("measure-line", "LineString"); telling("measure-area", "Polygon");
    need("measure-rings").addEventListener("click", () => {
      const words = need<HTMLInputElement>("rings").value, distances = words.split(/[;\s]+/).filter(Boolean).map((one) => 1e3 * Number(one));
      if (!distances.length || distances.length > 12 || distances.some((one) => !(one > 0) || one > 1e6)) { need("measured").textContent = "give one to twelve distances in km, such as 1 2 5, each at most 1000"; return; }
      say("click the middle of the rings");
      this.map.drawing("Point", ([[x, y]]) => { this.map.showRings(x, y, distances); need("measured").textContent = `rings round ${latLon(x, y, this.study.pole).map((v) => v.toFixed(4)).join("°, ")}° E, along the ground`; });
    });
    need("measure-clear").addEventListener("click", () => { this.map.clearMeasures(); this.map.clearRings(); need("measured").textContent = ""; });
  }

  private showLayer(name: string): void {
    const layer = this.study.layers.find((one) => one.name === name);
    if (!layer) { say(`this study has no layer ${name}`, true); return; }
    this.layer = name;
    this.map.show(name);
    const radio = need("list").querySelector<HTMLInputElement>(`input[value="${CSS.escape(name)}"]`);
    if (radio) radio.checked = true;
    legend(layer);
    const part = layer.parts[layer.parts.length - 1];
    need("layer-copy").replaceChildren(copyable(`from pathlib import Path\n\nfrom lupex.io import read_map\n\n# ${layer.label}: the maps of a study name their quantity in the file's name\nfor path in sorted(Path("${this.study.name}/maps").glob("*_${layer.name}*.tif")):\n    file, values = read_map(path)\n    print(path.name, file.grid.cell_m, values.mean())`, `lupex serve ${this.study.name}   # ${layer.name}, cells of ${part.grid.cell_m} m at the finest`));
    this.toHash();
  }

  private buildTime(): void {
    this.slider.min = String(this.span[0]); this.slider.max = String(this.span[1]); this.slider.step = "600000"; this.slider.value = String(this.ms);
    this.slider.addEventListener("input", () => this.setTime(Number(this.slider.value)));
    need("back").addEventListener("click", () => this.setTime(this.ms - HOUR));
    need("forth").addEventListener("click", () => this.setTime(this.ms + HOUR));
    need("play").addEventListener("click", () => this.play());
    need("pass").addEventListener("click", () => this.contacts.nextPass());
    for (const [id, up] of [["rise", true], ["set", false]] as const) need(id).addEventListener("click", () => void trying(() => this.nextCrossing(up)));
    this.setTime(this.ms);
  }

  private setTime(ms: number): void {
    this.ms = Math.min(Math.max(ms, this.span[0]), this.span[1]);
    this.slider.value = String(this.ms);
    this.slider.setAttribute("aria-valuetext", utc(this.ms));
    need("now").textContent = utc(this.ms);
    this.tick();
  }

  private tick(): void {
    if (this.light) { this.light.draw(this.ms, this.body()); this.map.lightChanged(); }
    this.place?.tick(); this.contacts?.tick();
  }

  /** What the chosen view shows: antennas and the relay stand in the place of the Earth. */
  private body(): Body {
    const chosen = need<HTMLSelectElement>("light-body").value;
    return chosen === "sun" || chosen === "both" ? chosen : "earth";
  }

  /** Sun and the chosen body over the season; a relay moves fast, so its rows are close and cover forty days. */
  private async skyOf(toward: string): Promise<Sky> {
    const relay = toward === "relay", first = relay ? Math.max(this.span[0], this.ms - 20 * 864e5) : this.span[0], last = relay ? Math.min(this.span[1], first + 40 * 864e5) : this.span[1];
    return loadSky(iso(first - HOUR), iso(last + 2 * HOUR), relay ? 120 : SKY_STEP_S, toward);
  }

  private play(): void {
    const button = need("play"), on = !this.playing;
    button.setAttribute("aria-pressed", String(on)); button.textContent = on ? "Stop" : "Play";
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    if (!on) { this.toHash(); return; }
    let before = performance.now();
    const frame = (t: number) => {
      // 6 hours of the Moon in a second: a lunation takes two minutes.
      const next = this.ms + (t - before) / 1000 * 6 * HOUR;
      before = t;
      this.setTime(next >= this.span[1] ? this.span[0] : next);
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
  }

  /** The next time the disc of the Sun begins or ends to show at the place last asked, on its own skyline. */
  private async nextCrossing(up: boolean): Promise<void> {
    if (!this.asked) throw new Error("click a place first: sunrise is different everywhere");
    const days = Math.min(60, Math.max(1, (this.span[1] - this.ms) / 864e5 + 1));
    const at = await get<{ times_ms: number[]; sun: { disc_fraction: number[] } }>("/api/place/skyline", { lat_deg: this.asked[0], lon_deg: this.asked[1], start_utc: iso(this.ms), days });
    const lit = at.sun.disc_fraction.map((share) => share > 0);
    const i = lit.findIndex((now, k) => k > 0 && now === up && lit[k - 1] !== up && at.times_ms[k] > this.ms + 1000);
    if (i < 0) throw new Error(`no ${up ? "sunrise" : "sunset"} there in the next ${days.toFixed(0)} days`);
    this.setTime(at.times_ms[i]);
    say(`${up ? "sunrise" : "sunset"} at that place to the hour, with the eye at 2 m`);
  }
  private asked: [number, number] | null = null;
  private before = "";

  private buildMap(): void {
    const map = this.map.map, pole = this.study.pole;
    map.on("pointermove", (event) => {
      const [x, y] = event.coordinate, [lat, lon] = latLon(x, y, pole);
      need("cursor").textContent = `${lat.toFixed(4)}°, ${lon.toFixed(4)}° E   x ${(x / 1e3).toFixed(3)} km, y ${(y / 1e3).toFixed(3)} km   ${gridWords(x, y, pole)}`;
    });
    map.on("singleclick", (event) => {
      if (this.map.isDrawing) return;
      const [x, y] = event.coordinate;
      this.askPlace(x, y);
    });
    map.on("moveend", () => {
      const { px, words } = this.map.scaleBar(150);
      need("bar").style.width = `${px}px`; need("bar-text").textContent = words;
      this.toHash();
    });
    need("link").addEventListener("click", () => void trying(async () => { await navigator.clipboard.writeText(location.href); say("link copied; it works while this server runs"); }));
  }

  askPlace(x: number, y: number): void {
    const [lat, lon] = latLon(x, y, this.study.pole);
    this.asked = [lat, lon];
    this.map.mark(x, y);
    this.open(0);
    void this.place.ask(lat, lon, this.layer);
  }

  private buildLight(): void {
    const part = need<HTMLSelectElement>("light-part"), words = need("light-say");
    const parts = (this.study.layers.find((layer) => layer.name === "elevation_m")?.parts ?? []).map((one) => one.part);
    for (const one of [...parts].reverse()) part.append(el("option", { value: one }, one === "region" ? "the region" : `site ${one}`));
    const sites = this.study.sites.map((site) => site.name);
    if (sites.length && parts.includes(sites[0])) part.value = sites[0];
    const go = need<HTMLButtonElement>("light-go");
    if (frozen) { go.disabled = true; words.textContent = "a copy without a server computes no light: open the study with lupex serve"; }
    if (!parts.length) { go.disabled = true; words.textContent = "the study holds no elevation"; }
    const toward = () => { const chosen = need<HTMLSelectElement>("light-body").value; return ["sun", "both", "earth"].includes(chosen) ? "earth" : chosen; };
    const hide = () => { if (this.layer === "hillshade" && this.before) this.showLayer(this.before); this.light = null; this.map.light(null); go.textContent = "Show light"; words.textContent = ""; };
    go.addEventListener("click", () => void (async () => {
      if (this.light) { hide(); return; }
      go.disabled = true;
      try {
        this.sky = await this.skyOf(toward());
        const light = await loadLight(part.value, this.sky, !location.hash.includes("nogpu"), (said) => { words.textContent = said; });
        this.light = light;
        this.map.light(light);
        this.before = this.layer;
        if (this.study.layers.some((one) => one.name === "hillshade")) this.showLayer("hillshade"); // light is read off the relief
        this.tick();
        const g = light.head.grid;
        this.map.goTo((g.left_m + g.right_m) / 2, (g.top_m + g.bottom_m) / 2, Math.max(g.right_m - g.left_m, g.top_m - g.bottom_m) / 650);
        words.textContent = `${light.head.azimuths} azimuths, eye at ${light.head.height_m} m, by ${light.kind === "webgl2" ? "WebGL2" : "plain numbers"}${light.head.synthetic ? `; ${light.head.synthetic}` : ""}`;
        need("light-copy").replaceChildren(copyable(`from lupex.study import point_terrain\nimport lupex\n\nterrain = point_terrain("default", -89.5, 0.0)\nsky = lupex.sky_table(lupex.utc_to_tdb_s("${iso(this.ms)}"))`, `lupex shadow default ${iso(this.ms)} --out shadow`));
        go.textContent = "Hide light";
      } catch (error) { words.textContent = (error as Error).message; } finally { go.disabled = false; }
    })());
    part.addEventListener("change", () => { if (this.light) { hide(); go.click(); } });
    const bodies = need<HTMLSelectElement>("light-body");
    bodies.addEventListener("change", () => void trying(async () => {
      if (this.light && this.sky?.toward !== toward()) { this.sky = await this.skyOf(toward()); this.light.use(this.sky); }
      this.tick();
    }));
    if (!frozen) void trying(async () => { for (const one of await get<{ name: string; title: string }[]>("/api/bodies")) bodies.append(el("option", { value: one.name }, one.name === "relay" ? one.title : `antenna ${one.title}`)); });
  }

  private buildKeys(): void {
    const dialog = need<HTMLDialogElement>("help-text");
    need("help").addEventListener("click", () => dialog.showModal());
    need("help-close").addEventListener("click", () => dialog.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.map.stopDrawing(); return; }
      if ((event.target as HTMLElement).matches("input[type=search], select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const keys: Record<string, () => void> = { ",": () => this.setTime(this.ms - HOUR), ".": () => this.setTime(this.ms + HOUR), p: () => this.play(), "?": () => dialog.showModal(), "/": () => need("find").focus() };
      const work = keys[event.key] ?? (/^[1-9]$/.test(event.key) && this.tabs[Number(event.key) - 1] ? () => this.open(Number(event.key) - 1) : undefined);
      if (work) { event.preventDefault(); work(); }
    });
  }

  private ready = false;
  private toHash(): void {
    if (!this.ready || this.playing) return;
    const view = this.map.map.getView(), [x, y] = view.getCenter() ?? [0, 0];
    const state = new URLSearchParams({ layer: this.layer, x: x.toFixed(1), y: y.toFixed(1), r: (view.getResolution() ?? 1).toPrecision(5), t: iso(this.ms) });
    if (location.hash.includes("nogpu")) state.set("nogpu", "1");
    history.replaceState(null, "", `#${state}`);
  }

  private fromHash(): void {
    const state = new URLSearchParams(location.hash.slice(1)), number = (key: string) => state.has(key) && Number.isFinite(Number(state.get(key))) ? Number(state.get(key)) : null;
    const layer = state.get("layer"), x = number("x"), y = number("y"), r = number("r"), t = Date.parse(state.get("t") ?? "");
    if (layer && this.study.layers.some((one) => one.name === layer)) this.showLayer(layer);
    if (x !== null && y !== null && r !== null && r > 0) { this.map.map.getView().setCenter([x, y]); this.map.map.getView().setResolution(r); }
    if (Number.isFinite(t)) this.setTime(t);
    this.ready = true;
  }
}

function legend(layer: Layer): void {
  need("legend-title").textContent = layer.unit ? `${layer.label}, ${layer.unit}` : layer.label;
  need("low").textContent = shown(layer.low, layer.unit); need("high").textContent = shown(layer.high, layer.unit);
  need("meaning").textContent = layer.meaning;
  const canvas = need<HTMLCanvasElement>("ramp"), g = canvas.getContext("2d")!, fill = g.createLinearGradient(0, 0, canvas.width, 0);
  layer.colours.forEach((colour, i) => fill.addColorStop(i / (layer.colours.length - 1), colour));
  g.fillStyle = fill; g.fillRect(0, 0, canvas.width, canvas.height);
}

function chapter(name: string): HTMLElement {
  const page = el("div", {}, el("h2", {}, name === "water" ? "Water" : "Payload"));
  void trying(async () => {
    const found = await get<unknown>(`/api/${name}`);
    page.append(tree(found), copyable(`import json\n\nwith open("study.json") as file:\n    print(json.load(file)["${name}"])`, name === "water" ? "lupex water decide --help" : "lupex payload status"));
  });
  return page;
}

/** Recorded values as nested lists, numbers with what they are called. */
function tree(value: unknown, depth = 0): HTMLElement {
  if (value === null || typeof value !== "object") return el("span", {}, typeof value === "number" ? shown(value) : String(value ?? "none"));
  const entries = Object.entries(value as Record<string, unknown>).slice(0, 200);
  if (Array.isArray(value) && value.every((one) => one === null || typeof one !== "object")) return el("span", {}, value.length > 12 ? `${value.length} values` : value.map((one) => typeof one === "number" ? shown(one) : String(one)).join(", "));
  return el("div", {}, ...entries.map(([key, one]) => one !== null && typeof one === "object"
    ? el("details", { open: depth < 1 }, el("summary", {}, key.replaceAll("_", " ")), tree(one, depth + 1))
    : el("div", { class: "row" }, el("span", { class: "small" }, key.replaceAll("_", " ")), tree(one, depth + 1))));
}

begin().catch((error: Error) => {
  need("title").textContent = "lupex";
  need("map").append(el("p", { class: "bad", role: "alert", id: "failed" }, error.message));
});
