// A copy of the page without a server: the numbers of the maps come from files beside it, cell by cell as they were.

import { ApiError, Frozen, Grid, Layer, Study } from "./api";
import { mapXY } from "./geo";

interface Numbers { grid: Grid; values: Float32Array }
const held: Record<string, Promise<Numbers>> = {};

/** Scripts of the copy hand their numbers over here: files may not be fetched from a page that is a file itself. */
const given: Record<string, string> = (window as unknown as { lupexNumbers: Record<string, string> }).lupexNumbers ??= {};

function script(file: string): Promise<void> {
  return new Promise((done, failed) => {
    const node = document.createElement("script");
    node.src = file;
    node.onload = () => done();
    node.onerror = () => failed(new ApiError(`${file} is missing from this copy`));
    document.head.append(node);
  });
}

async function numbers(file: string, grid: Grid): Promise<Numbers> {
  await script(file);
  const packed = Uint8Array.from(atob(given[file]), (c) => c.charCodeAt(0));
  delete given[file];
  const plain = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
  return { grid, values: new Float32Array(plain) };
}

/** Every map at a place, the finest that holds it, as the server would say it. */
export async function placeOfCopy(copy: Frozen, lat: number, lon: number): Promise<unknown> {
  const study = copy.answers["/api/study"] as Study;
  const [x, y] = mapXY(lat, lon, study.pole), rows: unknown[] = [];
  for (const layer of study.layers) {
    for (const part of [...layer.parts].reverse()) {
      const value = await cell(copy, layer, part, x, y);
      if (!Number.isFinite(value)) continue;
      rows.push({ name: layer.name, label: layer.label, value, shown: layer.unit === "%" ? 100 * value : value, unit: layer.unit, part: part.part, cell_m: part.grid.cell_m, synthetic: part.synthetic, meaning: layer.meaning });
      break;
    }
  }
  if (!rows.length) throw new ApiError(`(${lat.toFixed(4)}, ${lon.toFixed(4)}) lies off the maps of this study; choose a place on the map`);
  return { lat_deg: lat, lon_deg: lon, x_m: x, y_m: y, rows };
}

async function cell(copy: Frozen, layer: Layer, part: Layer["parts"][number], x: number, y: number): Promise<number> {
  const g = part.grid, row = Math.floor((g.top_m - y) / g.cell_m), col = Math.floor((x - g.left_m) / g.cell_m);
  if (row < 0 || col < 0 || row >= g.rows || col >= g.cols) return NaN;
  const file = copy.numbers.find((one) => one.name === layer.name && one.part === part.part)?.file;
  if (!file) return NaN;
  held[file] ??= numbers(file, g);
  return (await held[file]).values[row * g.cols + col];
}
