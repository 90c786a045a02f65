// Follow: the rover as its telemetry tells, now or played back; charts that move; commands that wait for a go.

import uPlot from "uplot";
import { get, post, Study } from "./api";
import { chart, gaps } from "./charts";
import { COLOURS, copyable, el, say, trying } from "./dom";
import { shown } from "./geo";
import { StudyMap } from "./map";

type Number3 = [number, number] | null;
interface Parameter { name: string; unit: string; meaning: string; warning: Number3; critical: Number3; newest_ms: number; newest: number | string | null }
export interface Ellipse { ms: number; x_m: number; y_m: number; major_m: number; minor_m: number; azimuth_grid_deg: number }
interface Track { ms: number[]; x_m: number[]; y_m: number[]; heading_deg: number[]; odometer_m: number[]; ellipses: Ellipse[] }
interface Event_ { ms: number; from: string; event: number | string | null; value: number | string | null; severity: number | null }
interface Alarm { parameter: string; level: string; begin_ms: number; end_ms: number | null; worst: number | string }
interface State { kind: "state"; packets: number; latest_ms: number | null; track: Track; parameters: Parameter[]; events: Event_[]; alarms: Alarm[] }
interface Waiting { digest: string; name: string; made_ms: number | null; steps: { command: string; arguments: string; after_previous: boolean }[] }
interface Commands { kind: "commands"; waiting: Waiting | null; sent: { command: string; arguments: string; verdict: string; code: number | null; released_ms: number | null }[]; refused: string[][]; ended: boolean; note: string }
interface Part { whole: boolean; ms: number[]; values: (number | string | null)[] }
type Message = State | Commands | { kind: "series"; series: Record<string, Part> } | { kind: "problem"; words: string } | { kind: "well" };
export interface Followable { followed: boolean; commands: boolean; archive: string | null }

const FIRST = ["rover_charge_wh", "rover_array_w"], SPEEDS = [1, 10, 60, 600];

export class FollowPanel {
  readonly page = el("div", { id: "follow" });
  private socket: WebSocket | null = null;
  private wait = 500;
  private state: State | null = null;
  private commands: Commands | null = null;
  private readonly series: Record<string, { ms: number[]; values: (number | string | null)[] }> = {};
  private readonly plots: Record<string, uPlot> = {};
  private want: string[] = [];
  /** The time shown; null: the newest there is. */
  private at: number | null = null;
  private playing = 0;
  private readonly link = el("p", { id: "follow-link", role: "status" }, "connecting ...");
  private readonly facts = el("table", {}, el("tbody", { id: "follow-facts" }));
  private readonly charts = el("div", { id: "follow-charts" });
  private readonly choose = el("select", { "aria-label": "Add the chart of a parameter", id: "follow-add" });
  private readonly knob = el("input", { type: "range", id: "follow-time", "aria-label": "Time shown, UTC", min: 0, max: 1, step: 1000, value: 1 });
  private readonly when = el("output", { id: "follow-now", htmlFor: "follow-time" });
  private readonly live = el("button", { type: "button", id: "follow-live", "aria-pressed": "true", onclick: () => this.setTime(null) }, "Newest");
  private readonly play = el("button", { type: "button", id: "follow-play", "aria-pressed": "false", onclick: () => this.playback() }, "Play back");
  private readonly speed = el("select", { "aria-label": "Speed of the playback" }, ...SPEEDS.map((x) => el("option", { value: x }, `${x} times`)));
  private readonly orders = el("div", { id: "follow-commands" });
  private readonly told = el("div", { id: "follow-events" });
  private readonly half: number;
  private person = "";
  private token = "";

  constructor(study: Study, private readonly map: StudyMap, private readonly how: Followable, private readonly moved: (ms: number) => void) {
    this.speed.value = "60";
    this.half = study.tiles.half_m;
    this.choose.addEventListener("change", () => { if (this.choose.value) this.add(this.choose.value); this.choose.value = ""; });
    this.knob.addEventListener("input", () => this.setTime(Number(this.knob.value)));
    const centre = el("button", { type: "button", onclick: () => { const i = this.index(); if (this.state && i >= 0) this.map.goTo(this.state.track.x_m[i], this.state.track.y_m[i], 1); } }, "Go to the rover");
    this.page.append(el("h2", {}, "Follow"), this.link,
      el("div", { class: "row" }, this.live, this.play, this.speed, centre), this.knob, this.when, this.facts,
      el("h3", {}, "Parameters"), this.choose, this.charts,
      el("h3", {}, "Commands"), this.orders, el("h3", {}, "Events and alarms"), this.told,
      copyable(`from lupex.catalogue.telemetry import dictionary\nfrom lupex.ops.archive.query import parameter_table\nfrom lupex.ops.archive.store import Archive, Wanted\n\nwith Archive.open("${how.archive ?? "archive.sqlite"}") as archive:\n    names, rows = parameter_table(archive, dictionary("lupex"), "rover_charge_wh", Wanted())`,
        `lupex ops archive query ${how.archive ?? "archive.sqlite"} --parameter rover_charge_wh --csv`));
    this.connect();
  }

  private connect(): void {
    const socket = this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/follow/live`);
    socket.addEventListener("open", () => { this.wait = 500; this.status("following"); for (const name of Object.keys(this.series)) delete this.series[name]; this.ask(); });
    socket.addEventListener("message", (event) => { try { this.heard(JSON.parse(event.data as string) as Message); } catch (error) { this.status(`not understood: ${(error as Error).message}`, true); } });
    socket.addEventListener("close", () => { this.socket = null; void this.lost(); });
  }

  /** The line is down: what is known stays on the page, and it is tried again. */
  private async lost(): Promise<void> {
    const seconds = Math.round(this.wait / 100) / 10;
    let words = `no connection; what came stays here, trying again every ${seconds} s`;
    try { await get<Followable>("/api/follow"); } catch (error) { words = `${(error as Error).message}. What came stays here; trying again every ${seconds} s`; }
    this.status(words, true);
    setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(8000, this.wait * 1.6);
  }

  private status(words: string, bad = false): void { this.link.textContent = words; this.link.className = bad ? "bad" : "good"; }
  private ask(): void { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ want: this.want })); }

  private heard(message: Message): void {
    if (message.kind === "problem") { this.status(message.words, true); return; }
    if (message.kind === "well") { this.status("following"); return; }
    if (message.kind === "commands") { this.commands = message; this.drawCommands(); return; }
    if (message.kind === "series") {
      for (const [name, part] of Object.entries(message.series)) {
        const held = part.whole || !this.series[name] ? { ms: [], values: [] } : this.series[name];
        this.series[name] = { ms: [...held.ms, ...part.ms], values: [...held.values, ...part.values] };
        this.drawChart(name);
      }
      return;
    }
    const first = this.state === null;
    this.state = message;
    if (first) {
      this.want = FIRST.filter((name) => message.parameters.some((one) => one.name === name));
      if (!this.want.length) this.want = message.parameters.filter((one) => typeof one.newest === "number").slice(0, 2).map((one) => one.name);
      this.ask();
    }
    const known = new Set([...this.choose.options].map((one) => one.value));
    if (message.parameters.some((one) => !known.has(one.name)) || first)
      this.choose.replaceChildren(el("option", { value: "" }, "add a chart ..."), ...message.parameters.filter((one) => typeof one.newest !== "string").map((one) => el("option", { value: one.name }, `${one.name}${one.unit ? `, ${one.unit}` : ""}`)));
    this.status(message.packets ? `following ${this.how.archive}: ${message.packets} packets, newest of ${message.latest_ms === null ? "unknown time" : clockText(message.latest_ms)}` : "following; no packet has come yet");
    const { ms } = message.track;
    const low = Math.min(ms[0] ?? Infinity, ...Object.values(this.series).map((one) => one.ms[0] ?? Infinity)), high = message.latest_ms ?? ms[ms.length - 1];
    if (Number.isFinite(low) && Number.isFinite(high)) { this.knob.min = String(low); this.knob.max = String(high); }
    this.map.showTrack(message.track.x_m.map((x, i) => [x, message.track.y_m[i]]));
    const last = ms.length - 1;
    if (last >= 0 && Math.max(Math.abs(message.track.x_m[last]), Math.abs(message.track.y_m[last])) > this.half) say("the rover's telemetry places it off this map", true);
    else if (first && ms.length) this.map.goTo(message.track.x_m[ms.length - 1], message.track.y_m[ms.length - 1], 2);
    this.drawEvents();
    this.draw();
  }

  private add(name: string): void {
    if (this.want.includes(name)) return;
    this.want = [...this.want, name].slice(-6);
    for (const old of Object.keys(this.plots)) if (!this.want.includes(old)) this.drop(old);
    this.ask();
  }
  private drop(name: string): void {
    this.want = this.want.filter((one) => one !== name);
    this.plots[name]?.destroy(); delete this.plots[name]; delete this.series[name];
    this.charts.querySelector(`[data-chart="${CSS.escape(name)}"]`)?.remove();
    this.ask();
  }

  private drawChart(name: string): void {
    const held = this.series[name], order = held.ms.map((_, i) => i).sort((a, b) => held.ms[a] - held.ms[b]);
    const ms = Float64Array.from(order, (i) => held.ms[i]), values = gaps(order.map((i) => typeof held.values[i] === "number" ? held.values[i] as number : null));
    if (this.plots[name]) { this.plots[name].setData([ms, values] as uPlot.AlignedData); return; }
    const known = this.state?.parameters.find((one) => one.name === name), here = el("div");
    const box = el("div", { "data-chart": name }, el("div", { class: "row" }, el("b", {}, name), el("span", { class: "small" }, known?.meaning ?? ""), el("span", { class: "spring" }), el("button", { type: "button", "aria-label": `Take the chart of ${name} away`, onclick: () => this.drop(name) }, "×")), here);
    this.charts.append(box);
    this.plots[name] = chart(here, "", ms, [{ label: known?.unit ? `value, ${known.unit}` : "value", values, colour: COLOURS[this.want.indexOf(name) % COLOURS.length] }], { unit: known?.unit, height: 120 });
  }

  private index(): number {
    const ms = this.state?.track.ms ?? [];
    if (this.at === null) return ms.length - 1;
    let low = -1;
    for (let i = 0; i < ms.length && ms[i] <= this.at; i++) low = i;
    return Math.max(low, ms.length ? 0 : -1);
  }

  setTime(ms: number | null): void {
    this.at = ms;
    if (ms === null) this.stop();
    this.live.setAttribute("aria-pressed", String(ms === null));
    this.draw();
    this.drawEvents();
    const shownMs = ms ?? this.state?.latest_ms;
    if (shownMs !== null && shownMs !== undefined) this.moved(shownMs);
  }

  private stop(): void { cancelAnimationFrame(this.playing); this.playing = 0; this.play.textContent = "Play back"; this.play.setAttribute("aria-pressed", "false"); }
  private playback(): void {
    if (this.playing) { this.stop(); return; }
    const first = Number(this.knob.min), last = () => Number(this.knob.max);
    let before = performance.now();
    if (this.at === null || this.at >= last() - 1000) this.setTime(first);
    this.play.textContent = "Stop"; this.play.setAttribute("aria-pressed", "true");
    const frame = (t: number) => {
      const next = this.at! + (t - before) * Number(this.speed.value);
      before = t;
      if (next >= last()) { this.setTime(null); return; }
      this.setTime(next);
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
  }

  private draw(): void {
    if (!this.state) return;
    const { track } = this.state, i = this.index(), at = this.at ?? this.state.latest_ms;
    this.knob.value = String(at ?? 0);
    if (at !== null) { this.when.textContent = `${clockText(at)}${this.at === null ? ", newest" : ", played back"}`; this.knob.setAttribute("aria-valuetext", clockText(at)); }
    if (i < 0) { this.map.showRover(null); return; }
    const ellipse = [...track.ellipses].reverse().find((one) => one.ms <= track.ms[i]) ?? track.ellipses[0];
    this.map.showRover({ x_m: track.x_m[i], y_m: track.y_m[i], heading_deg: track.heading_deg[i], ellipse });
    const value = (name: string) => { const held = this.series[name]; if (!held || this.at === null) return this.state!.parameters.find((one) => one.name === name)?.newest; let best = -1; held.ms.forEach((ms, k) => { if (ms <= this.at! && (best < 0 || ms >= held.ms[best])) best = k; }); return best < 0 ? null : held.values[best]; };
    const rows: [string, string][] = [["Place by odometry", `x ${track.x_m[i].toFixed(1)} m, y ${track.y_m[i].toFixed(1)} m`], ["Heading", `${track.heading_deg[i].toFixed(1)}° from map north`],
      ["Driven by the wheels", shown(track.odometer_m[i], "m")], ["Ellipse, 95 %, since the first place", `${ellipse.major_m.toFixed(1)} by ${ellipse.minor_m.toFixed(1)} m (semi-axes)`]];
    if (this.at === null) { const mode = this.state.parameters.find((one) => one.name === "rover_mode"); if (mode) rows.unshift(["Mode", String(mode.newest)]); }
    for (const name of this.want) { const known = this.state.parameters.find((one) => one.name === name), v = value(name); rows.push([name, typeof v === "number" ? shown(v, known?.unit) : String(v ?? "none")]); }
    this.facts.tBodies[0].replaceChildren(...rows.map(([name, words]) => el("tr", {}, el("td", {}, name), el("td", { class: "n" }, words))));
  }

  private drawEvents(): void {
    if (!this.state) return;
    const until = this.at ?? Infinity, events = this.state.events.filter((one) => one.ms <= until).slice(-40).reverse(), alarms = this.state.alarms.filter((one) => one.begin_ms <= until).slice(0, 20);
    this.told.replaceChildren(
      alarms.length ? el("table", { id: "alarms" }, el("thead", {}, el("tr", {}, el("th", {}, "Alarm"), el("th", {}, "Since, UTC"), el("th", { class: "n" }, "Worst"))), el("tbody", {}, ...alarms.map((one) => el("tr", {}, el("td", { class: one.level === "critical" ? "bad" : "warnt" }, `${one.parameter}: ${one.level}${one.end_ms !== null && one.end_ms <= until ? ", over" : ""}`), el("td", {}, clockText(one.begin_ms)), el("td", { class: "n" }, typeof one.worst === "number" ? shown(one.worst, this.state!.parameters.find((p) => p.name === one.parameter)?.unit) : one.worst))))) : el("p", { class: "small" }, "No limit was crossed."),
      events.length ? el("table", { id: "events" }, el("thead", {}, el("tr", {}, el("th", {}, "UTC"), el("th", {}, "Event"), el("th", { class: "n" }, "Severity"))), el("tbody", {}, ...events.map((one) => el("tr", {}, el("td", {}, clockText(one.ms)), el("td", {}, `${one.from.replaceAll("_", " ")} ${one.event ?? ""}${one.value !== null ? `: ${typeof one.value === "number" ? shown(one.value) : one.value}` : ""}`), el("td", { class: "n" }, String(one.severity ?? "none")))))) : el("p", { class: "small" }, "No event yet."));
  }

  private drawCommands(): void {
    const found = this.commands!, waiting = found.waiting, sent = found.sent.slice(-30).reverse();
    const parts: (HTMLElement | string)[] = [];
    if (waiting) {
      const person = el("input", { type: "search", autocomplete: "off", id: "go-person", "aria-label": "Your name", placeholder: "your name", value: this.person, oninput: (e: Event) => { this.person = (e.target as HTMLInputElement).value; } });
      const token = el("input", { type: "password", autocomplete: "off", id: "go-token", "aria-label": "Token for commands", placeholder: "token for commands", value: this.token, oninput: (e: Event) => { this.token = (e.target as HTMLInputElement).value; } });
      const go = el("button", { type: "button", id: "go", onclick: () => void trying(async () => {
        await post("/api/follow/go", { digest: waiting.digest, person: person.value.trim(), token: token.value.trim() });
        say(`${waiting.name}: go given by ${person.value.trim()}`);
      }) }, `Give the go for ${waiting.name}`);
      parts.push(el("div", { class: "card", id: "waiting" }, el("b", {}, `${waiting.name} waits for a go`), waiting.made_ms === null ? "" : el("span", { class: "small" }, ` since ${clockText(waiting.made_ms)}`),
        el("ol", {}, ...waiting.steps.map((step) => el("li", {}, `${step.command} ${step.arguments}`))),
        this.how.commands ? el("div", { class: "row" }, person, token, go) : el("p", { class: "small" }, "This page only looks. A go is taken by a server started with --allow-commands.")));
    } else parts.push(el("p", { class: "small" }, found.note || (found.ended ? "The day is over; nothing waits." : "Nothing waits for a go.")));
    if (sent.length) parts.push(el("table", { id: "sent" }, el("thead", {}, el("tr", {}, el("th", {}, "Sent, UTC"), el("th", {}, "Command"), el("th", {}, "Answer"))), el("tbody", {}, ...sent.map((one) => el("tr", {}, el("td", {}, one.released_ms === null ? "none" : clockText(one.released_ms)), el("td", {}, `${one.command} ${one.arguments}`), el("td", { class: one.verdict === "completed" ? "good" : one.verdict === "failed" || one.verdict === "rejected" ? "bad" : "" }, `${one.verdict}${one.code !== null ? ` (${one.code})` : ""}`))))));
    if (found.refused.length) parts.push(el("h3", {}, "Held back"), el("ul", {}, ...found.refused.slice(-10).map(([name, reason]) => el("li", {}, `${name}: ${reason}`))));
    this.orders.replaceChildren(...parts);
  }
}

function clockText(ms: number): string { return new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 19).replace("T", " "); }
