// The map: tiles of the server over the relief, graticule, names, sites, drives; scale bar and measures of the Moon.

import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults as controls } from "ol/control/defaults";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import ImageLayer from "ol/layer/Image";
import BaseLayer from "ol/layer/Base";
import LayerGroup from "ol/layer/Group";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import { addProjection, Projection } from "ol/proj";
import { register } from "ol/proj/proj4";
import Collection from "ol/Collection";
import ImageStatic from "ol/source/ImageStatic";
import ImageCanvas from "ol/source/ImageCanvas";
import VectorSource from "ol/source/Vector";
import XYZ from "ol/source/XYZ";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style";
import TileGrid from "ol/tilegrid/TileGrid";
import proj4 from "proj4";
import { Drive, frozen, OwnLayer, Site, Study } from "./api";
import { COLOURS } from "./dom";
import type { Ellipse } from "./follow";
import { area, latLon, length, mapXY, metres, nice, RADIUS_M, squareMetres, stretch, unit } from "./geo";
import { LightMap } from "./light";

const SHADE = "hillshade";
const HALO = new Stroke({ color: "#000c", width: 3 });

export class StudyMap {
  readonly map: OlMap;
  readonly projection: Projection;
  private readonly grid: TileGrid;
  private readonly colours: LayerGroup;
  private readonly shade: LayerGroup | null;
  private readonly graticule = new VectorSource();
  private readonly names = new VectorSource();
  private readonly sites = new VectorSource();
  private readonly drawn = new VectorSource();
  private readonly measures = new VectorSource();
  private readonly marked = new VectorSource();
  private readonly rings = new VectorSource();
  private readonly own = new VectorSource();
  private readonly track = new VectorSource();
  private readonly rover = new VectorSource();
  private readonly layers: Record<string, VectorLayer>;
  private draw: Draw | null = null;
  private lightLayer: ImageLayer<ImageCanvas> | null = null;
  private lightSource: ImageCanvas | null = null;

  constructor(readonly study: Study, target: HTMLElement) {
    this.projection = lunar(study);
    const { half_m, size, levels } = study.tiles;
    this.grid = new TileGrid({ extent: [-half_m, -half_m, half_m, half_m], origin: [-half_m, half_m], tileSize: size,
      resolutions: Array.from({ length: levels }, (_, z) => 2 * half_m / size / 2 ** z) });
    const shaded = study.layers.find((layer) => layer.name === SHADE);
    const finest = (name: string) => Math.min(...study.layers.find((l) => l.name === name)!.parts.map((p) => p.grid.cell_m));
    this.colours = new LayerGroup({});
    this.shade = shaded ? new LayerGroup({ layers: this.pictures(SHADE, finest(SHADE), true, "shade") }) : null;
    const layer = (source: VectorSource, style: ConstructorParameters<typeof VectorLayer>[0] = {}) => new VectorLayer({ source, className: "drawn", updateWhileInteracting: true, ...style });
    this.layers = {
      graticule: layer(this.graticule, { style: graticuleStyle }),
      names: layer(this.names, { style: nameStyle, declutter: true }),
      sites: layer(this.sites, { style: siteStyle }),
      drawn: layer(this.drawn, { style: drawnStyle }),
      measures: layer(this.measures, { style: new Style({ stroke: new Stroke({ color: "#ffd166", width: 2 }), fill: new Fill({ color: "#ffd16626" }) }) }),
      rings: layer(this.rings, { style: ringStyle }),
      own: layer(this.own, { style: ownStyle, declutter: true }),
      marked: layer(this.marked, { style: markStyle }),
      track: layer(this.track, { style: [new Style({ stroke: new Stroke({ color: "#000a", width: 5 }) }), new Style({ stroke: new Stroke({ color: "#ff9ad5", width: 2.5 }) })] }),
      rover: layer(this.rover, { style: roverStyle }),
    };
    this.map = new OlMap({
      target, controls: controls({ attribution: false, rotate: false }),
      layers: [this.colours, ...(this.shade ? [this.shade] : []), ...Object.values(this.layers)],
      view: new View({ projection: this.projection, center: [0, 0], extent: grown(study.extent, 0.6), showFullExtent: true,
        resolutions: Array.from({ length: 2 * levels + 1 }, (_, k) => 2 * half_m / size / 2 ** (k / 2)), constrainResolution: false, enableRotation: false }),
    });
    this.map.getView().fit(study.extent, { padding: [10, 10, 10, 10] });
    for (const one of study.names) this.names.addFeature(named(new Point(mapXY(one.lat_deg, one.lon_deg, study.pole)), { name: one.name, area: one.area_km2 }));
    for (const site of study.sites) this.addSite(site);
    this.map.on("moveend", () => this.redrawGraticule());
    this.map.once("rendercomplete", () => { document.body.dataset.ready = "1"; });
  }

  /** Show a layer; relief lies over it, multiplied in. */
  show(name: string): void {
    const layer = this.study.layers.find((one) => one.name === name)!;
    const old = this.colours.getLayers().getArray();
    this.colours.setLayers(new Collection(this.pictures(name, Math.min(...layer.parts.map((part) => part.grid.cell_m)), name === SHADE, "colours")));
    for (const one of old) one.dispose();
    this.shade?.setVisible(name !== SHADE && this.wantsShade);
  }

  private wantsShade = true;
  /** The layers that show a quantity: tiles of the server, or in a copy without one a picture for each of its maps. */
  private pictures(name: string, cell_m: number, smooth: boolean, className: string): BaseLayer[] {
    if (!frozen) return [new TileLayer({ className, source: this.tiles(name, cell_m, smooth), preload: 1, cacheSize: 512 })];
    return (frozen.pictures[name] ?? []).map((one) => new ImageLayer({ className, source: new ImageStatic({ url: one.file, imageExtent: one.extent, projection: this.projection, interpolate: smooth }) }));
  }
  private tiles(name: string, cell_m: number, smooth: boolean): XYZ {
    // Tiles down to an eighth of a cell, so that edges stand within a sixteenth; then the browser widens whole pixels.
    const most = this.grid.getResolutions().findIndex((r) => r <= cell_m / 8);
    const grid = new TileGrid({ extent: this.grid.getExtent()!, origin: this.grid.getOrigin(0), tileSize: this.study.tiles.size,
      resolutions: this.grid.getResolutions().slice(0, (most < 0 ? this.study.tiles.levels - 1 : most) + 1) });
    return new XYZ({ projection: this.projection, tileGrid: grid, url: `/api/tiles/${encodeURIComponent(name)}/{z}/{x}/{y}.png`, interpolate: smooth, transition: 0, wrapX: false });
  }

  opacity(share: number): void { this.colours.setOpacity(share); }
  visible(what: string, on: boolean, shown: string): void {
    if (what === "shade") { this.wantsShade = on; this.shade?.setVisible(on && shown !== SHADE); } else this.layers[what].setVisible(on);
  }

  private addSite(site: Site): void {
    this.sites.addFeature(named(new Point([site.x_m, site.y_m]), { name: site.name, rank: site.rank, kind: "site" }));
    if (site.drive) this.sites.addFeature(named(new LineString(site.drive.x_m.map((x, i) => [x, site.drive!.y_m[i]])), { name: `drive of ${site.name}`, kind: "drive" }));
  }

  ranks(order: string[]): void {
    for (const feature of this.sites.getFeatures()) if (feature.get("kind") === "site") feature.set("rank", order.indexOf(feature.get("name")) + 1);
  }

  goTo(x: number, y: number, resolution = 25): void { this.map.getView().animate({ center: [x, y], resolution, duration: 300 }); }

  mark(x: number, y: number): void {
    this.marked.clear();
    this.marked.addFeature(new Feature(new Point([x, y])));
  }

  /** Let the user draw; gives the corners, or nothing when it was given up. */
  drawing(kind: "LineString" | "Polygon" | "Point", done: (points: number[][]) => void, changed?: (points: number[][]) => void, most?: number): void {
    this.stopDrawing();
    const draw = new Draw({ type: kind, maxPoints: most, stopClick: true });
    const corners = (geometry: unknown) => geometry instanceof LineString ? geometry.getCoordinates() : geometry instanceof Polygon ? geometry.getCoordinates()[0] : [(geometry as Point).getCoordinates()];
    draw.on("drawstart", (event) => event.feature.getGeometry()!.on("change", (e) => changed?.(corners(e.target))));
    draw.on("drawend", (event) => { const points = corners(event.feature.getGeometry()); setTimeout(() => { this.stopDrawing(); done(points); }); });
    this.draw = draw;
    this.map.addInteraction(draw);
  }
  get isDrawing(): boolean { return this.draw !== null; }
  stopDrawing(): void { if (this.draw) this.map.removeInteraction(this.draw); this.draw = null; }

  measure(kind: "LineString" | "Polygon", told: (words: string) => void): void {
    this.measures.clear();
    const words = (points: number[][]) => kind === "LineString" ? metres(length(points)) : `${squareMetres(area(points))}, edge ${metres(length([...points, points[0]]))}`;
    this.drawing(kind, (points) => {
      this.measures.addFeature(new Feature(kind === "LineString" ? new LineString(points) : new Polygon([points])));
      told(words(points));
    }, (points) => { if (points.length > 1) told(words(points)); });
  }
  clearMeasures(): void { this.measures.clear(); this.stopDrawing(); }

  showDrive(line: Drive | null, broken: { x_m: number; y_m: number; sentence: string } | null): void {
    this.drawn.clear();
    if (line) this.drawn.addFeature(named(new LineString(line.x_m.map((x, i) => [x, line.y_m[i]])), { kind: "driven" }));
    if (broken) this.drawn.addFeature(named(new Point([broken.x_m, broken.y_m]), { kind: "broken" }));
  }
  /** The way the rover has gone by its telemetry. */
  showTrack(points: number[][]): void {
    this.track.clear();
    if (points.length > 1) this.track.addFeature(new Feature(new LineString(points)));
  }
  /** The rover, where it looks, and the ellipse (95 %) of its place; half sides in metres of the map. */
  showRover(at: { x_m: number; y_m: number; heading_deg: number; ellipse: Ellipse } | null): void {
    this.rover.clear();
    if (!at) return;
    const { ellipse } = at, turn = ellipse.azimuth_grid_deg * Math.PI / 180;
    const ring = Array.from({ length: 73 }, (_, k) => {
      const t = k / 72 * 2 * Math.PI, along = ellipse.major_m * Math.cos(t), across = ellipse.minor_m * Math.sin(t);
      return [ellipse.x_m + along * Math.sin(turn) + across * Math.cos(turn), ellipse.y_m + along * Math.cos(turn) - across * Math.sin(turn)];
    });
    this.rover.addFeature(named(new Polygon([ring]), { kind: "ellipse" }));
    this.rover.addFeature(named(new Point([at.x_m, at.y_m]), { kind: "rover", heading: at.heading_deg }));
  }
  /** Circles of equal distance on the ground round a place, metres; none takes them away. */
  showRings(x: number, y: number, distances: number[]): void {
    this.rings.clear();
    for (const distance of distances) this.rings.addFeature(named(new Polygon([circle(x, y, distance)]), { name: metres(distance) }));
  }
  clearRings(): void { this.rings.clear(); }

  /** The user's own layers of the mission: places, lines, areas and craters. */
  showOwn(layers: OwnLayer[]): void {
    this.own.clear();
    layers.forEach((layer, n) => {
      const colour = COLOURS[(n + 2) % COLOURS.length];
      for (const one of layer.features) {
        const said = { name: one.name, colour, kind: layer.kind, layer: layer.name };
        if (one.diameter_m !== null) { this.own.addFeature(named(new Polygon([circle(one.parts[0][0][0], one.parts[0][0][1], one.diameter_m / 2)]), said)); continue; }
        if (layer.kind === "regions" || layer.kind === "outlines") { this.own.addFeature(named(new Polygon(one.parts), said)); continue; }
        for (const part of one.parts) this.own.addFeature(named(part.length > 1 ? new LineString(part) : new Point(part[0]), said));
      }
    });
  }

  showRoute(points: number[][]): void {
    this.drawn.clear();
    this.drawn.addFeature(named(points.length > 1 ? new LineString(points) : new Point(points[0]), { kind: "route" }));
  }

  light(light: LightMap | null): void {
    if (this.lightLayer) this.map.removeLayer(this.lightLayer);
    this.lightLayer = this.lightSource = null;
    if (!light) return;
    const g = light.head.grid, here = [g.left_m, g.bottom_m, g.right_m, g.top_m];
    this.lightSource = new ImageCanvas({ projection: this.projection, ratio: 1, interpolate: false,
      canvasFunction: (extent, resolution, _ratio, size) => {
        const canvas = document.createElement("canvas");
        canvas.width = size[0]; canvas.height = size[1];
        const scale = size[0] / (extent[2] - extent[0]), c = canvas.getContext("2d")!;
        c.imageSmoothingEnabled = resolution > g.cell_m;
        c.drawImage(light.canvas, (here[0] - extent[0]) * scale, (extent[3] - here[3]) * scale, (here[2] - here[0]) * scale, (here[3] - here[1]) * scale);
        return canvas;
      } });
    this.lightLayer = new ImageLayer({ source: this.lightSource, className: "light" });
    this.map.getLayers().insertAt(this.shade ? 2 : 1, this.lightLayer);
  }
  lightChanged(): void { this.lightSource?.changed(); }

  /** Ground metres of a screen pixel in the middle of the view. */
  groundResolution(): number {
    const view = this.map.getView(), [x, y] = view.getCenter() ?? [0, 0];
    return (view.getResolution() ?? 1) / stretch(x, y);
  }

  scaleBar(most: number): { px: number; words: string } {
    const ground = this.groundResolution(), size = nice(most * ground);
    return { px: size / ground, words: metres(size).replace(/\.0+ /, " ") };
  }

  private redrawGraticule(): void {
    const view = this.map.getView(), size = this.map.getSize(), resolution = view.getResolution();
    this.graticule.clear();
    if (!size || !resolution) return;
    const [left, bottom, right, top] = view.calculateExtent(size), pole = this.study.pole;
    const corners = [[left, bottom], [left, top], [right, bottom], [right, top]];
    const inside = left <= 0 && right >= 0 && bottom <= 0 && top >= 0;
    const near = inside ? 0 : Math.hypot(clamp(0, left, right), clamp(0, bottom, top)), far = Math.max(...corners.map(([x, y]) => Math.hypot(x, y)));
    const sign = pole === "south" ? -1 : 1, deg = Math.PI / 180, latOf = (rho: number) => 90 - 2 * Math.atan2(rho, 2 * RADIUS_M) / deg;
    const step = stepOf(130 * resolution / (RADIUS_M * deg), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]);
    const bearings = corners.map(([x, y]) => Math.atan2(x, pole === "south" ? y : -y) / deg);
    const middle = Math.atan2((left + right) / 2, (pole === "south" ? 1 : -1) * (bottom + top) / 2) / deg;
    const offset = bearings.map((b) => ((b - middle + 540) % 360) - 180);
    const from = inside ? -180 : middle + Math.min(...offset), to = inside ? 180 : middle + Math.max(...offset);
    const at = (lat: number, lon: number) => mapXY(sign * lat, lon, pole);
    const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    for (let lat = Math.ceil(latOf(far) / step) * step; lat <= latOf(near) + 1e-9 && lat < 90 - 1e-6; lat += step) {
      const line = Array.from({ length: 181 }, (_, i) => at(lat, from + (to - from) * i / 180));
      this.graticule.addFeature(named(new LineString(line), { name: `${lat.toFixed(digits)}° ${pole === "south" ? "S" : "N"}` }));
    }
    const lonStep = stepOf(130 * resolution / (Math.max(near, far * 0.4) * deg), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45]);
    const lonDigits = lonStep < 0.1 ? 2 : lonStep < 1 ? 1 : 0;
    for (let lon = Math.ceil(from / lonStep - 1e-9) * lonStep; lon < to + (inside ? -1e-9 : 1e-9); lon += lonStep) {
      const low = Math.max(latOf(far), 0), high = inside ? Math.min(90, latOf(0)) : latOf(near);
      const line = [at(low, lon), at(Math.min(high, 89.9999999), lon)];
      this.graticule.addFeature(named(new LineString(line), { name: `${((lon + 360) % 360).toFixed(lonDigits)}° E` }));
    }
  }
}

/** The server's projection, checked against the server's own numbers, with every extent set before any layer is made. */
function lunar(study: Study): Projection {
  const { code, proj, probe } = study.projection, half = study.tiles.half_m;
  proj4.defs(code, proj);
  proj4.defs("lunar-lonlat", `+proj=longlat +R=${RADIUS_M} +no_defs`);
  register(proj4);
  const [x, y] = proj4("lunar-lonlat", code, [probe.lon_deg, probe.lat_deg]);
  const own = mapXY(probe.lat_deg, probe.lon_deg, study.pole);
  if (Math.hypot(x - probe.x_m, y - probe.y_m) > 1e-3 || Math.hypot(own[0] - probe.x_m, own[1] - probe.y_m) > 1e-3) throw new Error("the page's map projection differs from the server's");
  const projection = new Projection({ code, units: "m", extent: [-half, -half, half, half], metersPerUnit: 1 });
  const edge = latLon(half, half, study.pole)[0];
  projection.setWorldExtent(study.pole === "south" ? [-180, -90, 180, edge] : [-180, edge, 180, 90]);
  projection.setGetPointResolution((resolution, point) => resolution / stretch(point[0], point[1]));
  addProjection(projection);
  return projection;
}

function named(geometry: Point | LineString | Polygon, properties: Record<string, unknown>): Feature {
  const feature = new Feature(geometry);
  feature.setProperties(properties);
  return feature;
}
const clamp = (v: number, low: number, high: number) => Math.min(Math.max(v, low), high);
const grown = (e: number[], share: number) => { const w = (e[2] - e[0]) * share, h = (e[3] - e[1]) * share; return [e[0] - w, e[1] - h, e[2] + w, e[3] + h]; };
const stepOf = (least: number, steps: number[]) => steps.find((s) => s >= least) ?? steps[steps.length - 1];

/** Corners of the circle of points a distance (m, along the ground) from a place, exact on the sphere, at the pole too. */
export function circle(x: number, y: number, distance: number): number[][] {
  const p = unit(x, y), angle = distance / RADIUS_M, length = Math.hypot(p[0], p[1]);
  const a = length < 1e-12 ? [1, 0, 0] : [-p[1] / length, p[0] / length, 0];
  const b = [p[1] * a[2] - p[2] * a[1], p[2] * a[0] - p[0] * a[2], p[0] * a[1] - p[1] * a[0]];
  return Array.from({ length: 181 }, (_, k) => {
    const t = k / 180 * 2 * Math.PI, q = [0, 1, 2].map((i) => Math.cos(angle) * p[i] + Math.sin(angle) * (Math.cos(t) * a[i] + Math.sin(t) * b[i]));
    return [2 * RADIUS_M * q[0] / (1 + q[2]), 2 * RADIUS_M * q[1] / (1 + q[2])];
  });
}

const line = new Stroke({ color: "#ffffff38", width: 1 });
function graticuleStyle(feature: { get(name: string): unknown }): Style {
  return new Style({ stroke: line, text: new Text({ text: String(feature.get("name")), placement: "line", textAlign: "start", font: "11px system-ui, sans-serif", fill: new Fill({ color: "#ffffffb0" }), stroke: new Stroke({ color: "#000a", width: 2.5 }), textBaseline: "bottom" }) });
}
function nameStyle(feature: { get(name: string): unknown }): Style {
  return new Style({ text: new Text({ text: String(feature.get("name")), font: "italic 12px system-ui, sans-serif", fill: new Fill({ color: "#e9eef5" }), stroke: HALO }) });
}
function siteStyle(feature: { get(name: string): unknown }): Style | Style[] {
  if (feature.get("kind") === "drive") return [new Style({ stroke: new Stroke({ color: "#000a", width: 4 }) }), new Style({ stroke: new Stroke({ color: "#5fe0d0", width: 2 }) })];
  const first = feature.get("rank") === 1;
  return new Style({ image: new Circle({ radius: first ? 7 : 5.5, fill: new Fill({ color: first ? "#ff5d5d" : "#ff9d6b" }), stroke: new Stroke({ color: "#fff", width: 1.5 }) }),
    text: new Text({ text: `${feature.get("name")} (${feature.get("rank")})`, offsetY: -15, font: "600 13px system-ui, sans-serif", fill: new Fill({ color: "#fff" }), stroke: HALO }) });
}
function drawnStyle(feature: { get(name: string): unknown }): Style {
  if (feature.get("kind") === "broken") return new Style({ image: new Circle({ radius: 8, stroke: new Stroke({ color: "#ff5d5d", width: 3 }) }) });
  const route = feature.get("kind") === "route";
  return new Style({ stroke: new Stroke({ color: route ? "#ffe08a" : "#6fe08a", width: 3, lineDash: route ? [8, 6] : undefined }), image: new Circle({ radius: 5, fill: new Fill({ color: "#ffe08a" }) }) });
}
function ringStyle(feature: { get(name: string): unknown }): Style {
  return new Style({ stroke: new Stroke({ color: "#ffd166", width: 1.5, lineDash: [6, 4] }), text: new Text({ text: String(feature.get("name")), placement: "line", font: "12px system-ui, sans-serif", fill: new Fill({ color: "#ffe3a3" }), stroke: HALO }) });
}
function ownStyle(feature: { get(name: string): unknown }): Style {
  const colour = String(feature.get("colour"));
  return new Style({ stroke: new Stroke({ color: colour, width: 1.5 }), fill: new Fill({ color: `${colour}1f` }),
    image: new Circle({ radius: 3.5, fill: new Fill({ color: colour }), stroke: new Stroke({ color: "#000a", width: 1 }) }),
    text: new Text({ text: String(feature.get("name") ?? ""), offsetY: -11, overflow: true, font: "12px system-ui, sans-serif", fill: new Fill({ color: "#e9eef5" }), stroke: HALO }) });
}
function roverStyle(feature: { get(name: string): unknown }): Style | Style[] {
  if (feature.get("kind") === "ellipse") return new Style({ stroke: new Stroke({ color: "#ff9ad5", width: 2, lineDash: [5, 4] }), fill: new Fill({ color: "#ff9ad522" }) });
  const rotation = Number(feature.get("heading")) * Math.PI / 180;
  return new Style({ image: new RegularShape({ points: 3, radius: 10, rotation, fill: new Fill({ color: "#ff9ad5" }), stroke: new Stroke({ color: "#000", width: 1.5 }) }) });
}
function markStyle(): Style {
  return new Style({ image: new Circle({ radius: 6, stroke: new Stroke({ color: "#fff", width: 2.5 }) }) });
}
