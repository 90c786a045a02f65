// Sites: the table, linked with the map; weights as sliders, ranks as they then fall; two sites side by side.

import { get, post, Site, Study } from "./api";
import { COLOURS, copyable, el, say } from "./dom";
import { shown } from "./geo";

interface Criterion { name: string; label: string; unit: string; higher_is_better: boolean; weight: number; value: number[]; sigma: number[] }
interface Criteria { sites: string[]; criteria: Criterion[]; uncertain: string; order: string[]; rank_acceptability: number[][] }
interface Ranked { order: string[]; sites: string[]; rank_acceptability: number[][]; deciding: string; draws: number }

const COLUMNS: [string, string, string][] = [["rank", "Rank", ""], ["name", "Site", ""], ["season_lit_fraction", "Lit", "%"], ["season_earth_fraction", "Earth", "%"],
  ["slope_deg", "Slope", "°"], ["touchdown_probability", "Safe", "%"], ["reach_probability", "Reach", "%"]];

export class SitesPanel {
  readonly page = el("div");
  private sorted = "rank";
  private up = true;
  private least = 0;
  private readonly picked: string[] = [];
  private readonly table = el("div");
  private readonly ranks = el("div", { id: "ranks", role: "img", "aria-label": "Share of draws for each rank, by site" });
  private readonly pair = el("div");
  private timer = 0;
  private turn = 0;

  constructor(private readonly study: Study, private readonly chosen: (site: Site) => void, private readonly reranked: (order: string[]) => void) {
    const filter = el("input", { type: "range", min: 0, max: 100, value: 0, "aria-label": "Least share of the season lit, percent" });
    const told = el("span", {}, "0 %");
    filter.addEventListener("input", () => { this.least = Number(filter.value); told.textContent = `${filter.value} %`; this.draw(); });
    this.page.append(el("h2", {}, "Sites"), study.sites.length ? el("div", { class: "row" }, el("span", { class: "small" }, "Lit at least"), filter, told) : "", this.table, this.pair);
    if (!study.sites.length) this.table.append(el("p", {}, "This study recorded no sites."));
    this.draw();
    if (study.has.ranking) void this.weights();
  }

  private value(site: Site, key: string): number | string { return site[key] as number | string; }

  private draw(): void {
    const kept = this.study.sites.filter((site) => !(typeof site.season_lit_fraction === "number" && 100 * site.season_lit_fraction < this.least));
    kept.sort((a, b) => { const x = this.value(a, this.sorted), y = this.value(b, this.sorted); return (x < y ? -1 : x > y ? 1 : 0) * (this.up ? 1 : -1); });
    const head = COLUMNS.map(([key, label, unit]) => el("th", { class: key === "name" ? "" : "n", "aria-sort": this.sorted === key ? (this.up ? "ascending" : "descending") : "none" },
      el("button", { type: "button", onclick: () => { this.up = this.sorted === key ? !this.up : true; this.sorted = key; this.draw(); } }, unit ? `${label}, ${unit}` : label)));
    const rows = kept.map((site) => el("tr", { class: `pick${this.picked.includes(site.name) ? " on" : ""}`, "data-site": site.name },
      ...COLUMNS.map(([key, , unit]) => {
        const value = this.value(site, key);
        if (key === "name") return el("td", {}, el("button", { type: "button", onclick: () => this.choose(site) }, site.name));
        return el("td", { class: "n" }, typeof value === "number" ? (key === "rank" ? String(value) : (unit === "%" ? 100 * value : value).toFixed(1)) : "none");
      })));
    if (this.study.sites.length) this.table.replaceChildren(el("table", { id: "sites" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)), el("p", { class: "small" }, "Lit and Earth: share of the landing season, on the ground. Safe: touchdown; Reach: into shadow and back. Choose two sites to see them side by side."));
  }

  private choose(site: Site): void {
    const at = this.picked.indexOf(site.name);
    if (at >= 0) this.picked.splice(at, 1); else this.picked.push(site.name);
    if (this.picked.length > 2) this.picked.shift();
    this.draw();
    this.chosen(site);
    const two = this.picked.map((name) => this.study.sites.find((one) => one.name === name)!);
    const keys = Object.keys(two[0] ?? {}).filter((key) => typeof two[0][key] === "number");
    const words = (key: string, value: unknown) => typeof value !== "number" ? "none" : /fraction|probability/.test(key) ? shown(100 * value, "%") : shown(value);
    this.pair.replaceChildren(...(two.length ? [el("h3", {}, two.map((s) => s.name).join(" and ")),
      el("table", {}, el("tbody", {}, ...keys.map((key) => el("tr", {}, el("td", {}, key.replaceAll("_", " ")), ...two.map((s) => el("td", { class: "n" }, words(key, s[key]))))))),
      ...two.map((s) => el("p", { class: "small" }, `${s.name}: ${s.reasons.join("; ")}`))] : []));
  }

  private async weights(): Promise<void> {
    let found: Criteria;
    try { found = await get<Criteria>("/api/ranking"); } catch (error) { say((error as Error).message, true); return; }
    const sliders: [Criterion, HTMLInputElement, HTMLElement][] = found.criteria.map((criterion) => {
      const value = el("span", { class: "n" }, criterion.weight.toFixed(2));
      const slider = el("input", { type: "range", min: 0, max: 1, step: 0.01, value: criterion.weight, "aria-label": `Weight of ${criterion.label}` });
      return [criterion, slider, value];
    });
    const given = () => Object.fromEntries(sliders.map(([c, slider]) => [c.name, Number(slider.value)]));
    const python = el("div");
    const ask = async () => {
      const mine = ++this.turn;
      try {
        const ranked = await post<Ranked>("/api/ranking", { weights: given(), uncertain: "around", spread: 0.5 });
        if (mine !== this.turn) return;
        this.bars(ranked.sites, ranked.order, ranked.rank_acceptability, `weights strayed by half of themselves, ${ranked.draws} draws; decided by ${ranked.deciding.replaceAll("_", " ") || "none"}`);
        this.reranked(ranked.order);
        say(`order: ${ranked.order.join(", ")}`);
      } catch (error) { say((error as Error).message, true); }
    };
    for (const [, slider, value] of sliders) slider.addEventListener("input", () => {
      value.textContent = Number(slider.value).toFixed(2);
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void ask(), 120);
    });
    const reset = el("button", { type: "button", onclick: () => {
      for (const [c, slider, value] of sliders) { slider.value = String(c.weight); value.textContent = c.weight.toFixed(2); }
      this.bars(found.sites, found.order, found.rank_acceptability, "as the study ranked them");
      this.reranked(found.order);
    } }, "As in the study");
    this.bars(found.sites, found.order, found.rank_acceptability, "as the study ranked them");
    python.append(copyable("from lupex.mission import load_mission\nfrom lupex.study import run_study\n\nranking = run_study(load_mission()).ranking\nprint(ranking.order, ranking.rank_acceptability)", "lupex study --json   # weights: [ranking] of the mission file"));
    this.page.append(el("h2", {}, "Weights"), el("div", { class: "weights", id: "weights" }, ...sliders.flatMap(([c, slider, value]) => [el("span", { title: c.name }, `${c.label}${c.unit ? `, ${c.unit}` : ""}`), slider, value])),
      el("div", { class: "row" }, reset), el("h3", {}, "Chance of each rank"), this.ranks, python);
  }

  private bars(sites: string[], order: string[], shares: number[][], words: string): void {
    this.ranks.replaceChildren(...order.map((name) => {
      const row = shares[sites.indexOf(name)];
      return el("div", { class: "row", "data-rank": name }, el("b", {}, name), (() => {
        const bar = el("div", { class: "bar" });
        bar.style.flex = "1";
        row.forEach((share, rank) => { const part = el("i", { title: `rank ${rank + 1}: ${(100 * share).toFixed(1)} %` }); part.style.width = `${100 * share}%`; part.style.background = COLOURS[rank % COLOURS.length]; bar.append(part); });
        return bar;
      })(), el("span", {}, `${(100 * row[0]).toFixed(1)} % first`));
    }), el("p", { class: "small" }, words));
  }
}
