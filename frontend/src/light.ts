// Shadow and Earth view in the browser: the skyline of every cell against the direction of a body.
//
// WebGL2 where it works, the same formulas in plain numbers where it does not. The shader uses products, comparisons,
// atan, asin and sqrt only: sines of software GL are off by 2 % of the Sun's disc.

import { bytes, get, Grid } from "./api";
import { unit, RADIUS_M } from "./geo";

const SUN_RADIUS_M = 695700e3;
const EARTH_RADIUS_M = 6378136.6;
const LOWEST_RAD = -0.153; // below: no terrain is known there, taken as level (as on the server)

export interface LightHead { part: string; grid: Grid; azimuths: number; unit_deg: number; nodata: number; height_m: number; source: string; synthetic: string }
export type Body = "sun" | "earth" | "both";
const WIDTH = 8; // of a row: time, Sun x y k, body x y k, whether the body can look at the Moon

/** Sun and a second body (the Earth, an antenna, a relay) over time; between two rows they are interpolated as vectors. */
export class Sky {
  constructor(readonly rows: Float64Array, readonly toward = "earth") {}
  at(ms: number): { sun: number[]; earth: number[]; on: boolean } {
    const n = this.rows.length / WIDTH;
    let low = 0, high = n - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.rows[WIDTH * middle] <= ms) low = middle; else high = middle;
    }
    const t0 = this.rows[WIDTH * low], t1 = this.rows[WIDTH * high];
    const share = t1 > t0 ? Math.min(1, Math.max(0, (ms - t0) / (t1 - t0))) : 0;
    const mixed = (k: number) => this.rows[WIDTH * low + k] * (1 - share) + this.rows[WIDTH * high + k] * share;
    return { sun: [mixed(1), mixed(2), mixed(3)], earth: [mixed(4), mixed(5), mixed(6)], on: this.rows[WIDTH * (share < 0.5 ? low : high) + 7] > 0.5 };
  }
}

export async function loadSky(start: string, stop: string, step_s: number, toward = "earth"): Promise<Sky> {
  return new Sky(new Float64Array(await bytes("/api/sky", { start_utc: start, stop_utc: stop, step_s, toward })), toward);
}

const VERTEX = `#version 300 es
in vec2 at; void main() { gl_Position = vec4(at, 0.0, 1.0); }`;

const FRAGMENT = `#version 300 es
precision highp float; precision highp int; precision highp isampler2DArray; precision highp sampler2D;
uniform isampler2DArray skylines; uniform sampler2D height; uniform int azimuths, rows, cols, body, plain, on;
uniform float cell, left, top, eye, unit_rad, sun_radius, earth_radius; uniform vec3 sun, earth;
out vec4 colour;
const float PI = 3.141592653589793;
float above(vec3 p, float away, vec3 toward_body, ivec2 c) {
  vec3 to = toward_body - away * p;
  float elevation = asin(clamp(dot(to, p) / sqrt(dot(to, to)), -1.0, 1.0));
  float azimuth = atan(to.x * p.z - p.x * to.z, to.y * p.z - p.y * to.z);
  float u = azimuth * float(azimuths) / (2.0 * PI);
  u = u < 0.0 ? u + float(azimuths) : u;
  int k = min(int(u), azimuths - 1);
  float a = float(texelFetch(skylines, ivec3(c, k), 0).r) * unit_rad;
  float b = float(texelFetch(skylines, ivec3(c, k + 1 == azimuths ? 0 : k + 1), 0).r) * unit_rad;
  a = a < ${LOWEST_RAD} ? 0.0 : a; b = b < ${LOWEST_RAD} ? 0.0 : b;
  return elevation - (a + (b - a) * (u - float(k)));
}
float disc(float a) { a = clamp(a, -1.0, 1.0); return 0.5 + (a * sqrt(1.0 - a * a) + asin(a)) / PI; }
void main() {
  ivec2 c = ivec2(int(gl_FragCoord.x), rows - 1 - int(gl_FragCoord.y));
  vec2 ground = texelFetch(height, c, 0).rg;
  if (ground.g < 0.5) { colour = vec4(0.0); return; }
  float x = (left + (float(c.x) + 0.5) * cell) / ${RADIUS_M}.0, y = (top - (float(c.y) + 0.5) * cell) / ${RADIUS_M}.0;
  float q = (x * x + y * y) / 4.0;
  vec3 p = vec3(x, y, 1.0 - q) / (1.0 + q);
  float away = ${RADIUS_M}.0 + ground.r + eye;
  float lit = disc(above(p, away, sun, c) / sun_radius);
  float seen = on == 1 && above(p, away, earth, c) > 0.0 ? 1.0 : 0.0;
  if (plain == 1) { colour = vec4(lit, seen, 0.0, 1.0); return; }
  if (body == 0) colour = vec4(0.0, 0.0, 0.0, 0.88 * (1.0 - lit));
  else if (body == 1) colour = vec4(vec3(0.02, 0.05, 0.25) * 0.85, 0.85) * (1.0 - seen);
  else {
    float both = lit * seen;
    vec3 tint = seen > 0.5 ? vec3(0.0) : vec3(0.02, 0.06, 0.30);
    float a = 0.88 * (1.0 - both);
    colour = vec4(tint * a, a);
  }
}`;

export interface LightMap { head: LightHead; canvas: HTMLCanvasElement; kind: "webgl2" | "numbers"; draw(ms: number, body: Body): void; shares(ms: number): Uint8Array; seen(ms: number): Uint8Array; use(sky: Sky): void }

/** Ground of a part of the study with its light; `gpu` false forces plain numbers. */
export async function loadLight(part: string, sky: Sky, gpu: boolean, told: (words: string) => void): Promise<LightMap> {
  const where = `/api/light/${encodeURIComponent(part)}`;
  told("the skylines are being computed ...");
  const head = await get<LightHead>(where);
  told("the skylines are being read ...");
  const [counts, heights] = await Promise.all([bytes(`${where}/horizons`), bytes(`${where}/elevation`)]);
  const skylines = new Int16Array(counts), height = new Float32Array(heights);
  const expected = head.azimuths * head.grid.rows * head.grid.cols;
  if (skylines.length !== expected || height.length * head.azimuths !== expected) throw new Error("the skylines came incomplete; ask again");
  if (gpu) {
    try {
      return new GpuLight(head, skylines, height, sky);
    } catch (error) {
      console.info(`light without WebGL2: ${(error as Error).message}`);
    }
  }
  return new PlainLight(head, skylines, height, sky);
}

class PlainLight implements LightMap {
  readonly canvas = document.createElement("canvas");
  readonly kind = "numbers";
  private readonly px: Float64Array; private readonly py: Float64Array; private readonly pk: Float64Array;
  private readonly away: Float64Array;
  private readonly picture: ImageData;

  constructor(readonly head: LightHead, private readonly skylines: Int16Array, private readonly height: Float32Array, private sky: Sky) {
    const { rows, cols, left_m, top_m, cell_m } = head.grid, n = rows * cols;
    this.canvas.width = cols; this.canvas.height = rows;
    this.px = new Float64Array(n); this.py = new Float64Array(n); this.pk = new Float64Array(n); this.away = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const [x, y, k] = unit(left_m + ((i % cols) + 0.5) * cell_m, top_m - (Math.floor(i / cols) + 0.5) * cell_m);
      this.px[i] = x; this.py[i] = y; this.pk[i] = k;
      this.away[i] = RADIUS_M + (Number.isFinite(height[i]) ? height[i] : 0) + head.height_m;
    }
    this.picture = new ImageData(cols, rows);
  }

  private above(i: number, body: number[]): number {
    const { azimuths, grid, unit_deg } = this.head, n = grid.rows * grid.cols;
    const px = this.px[i], py = this.py[i], pk = this.pk[i], far = this.away[i];
    const tx = body[0] - far * px, ty = body[1] - far * py, tk = body[2] - far * pk;
    const elevation = Math.asin((tx * px + ty * py + tk * pk) / Math.sqrt(tx * tx + ty * ty + tk * tk));
    let u = Math.atan2(tx * pk - px * tk, ty * pk - py * tk) * azimuths / (2 * Math.PI);
    if (u < 0) u += azimuths;
    const k = Math.min(Math.floor(u), azimuths - 1), rad = unit_deg * Math.PI / 180;
    let a = this.skylines[k * n + i] * rad, b = this.skylines[((k + 1) % azimuths) * n + i] * rad;
    if (a < LOWEST_RAD) a = 0;
    if (b < LOWEST_RAD) b = 0;
    return elevation - (a + (b - a) * (u - k));
  }

  private lit(i: number, sun: number[], radius: number): number {
    const a = Math.max(-1, Math.min(1, this.above(i, sun) / radius));
    return 0.5 + (a * Math.sqrt(1 - a * a) + Math.asin(a)) / Math.PI;
  }

  draw(ms: number, body: Body): void {
    const { sun, earth, on } = this.sky.at(ms), radius = Math.asin(SUN_RADIUS_M / Math.hypot(...sun)), out = this.picture.data;
    for (let i = 0; i < this.away.length; i++) {
      const o = 4 * i;
      if (!Number.isFinite(this.height[i])) { out[o + 3] = 0; continue; }
      const lit = body === "earth" ? 1 : this.lit(i, sun, radius);
      const seen = body === "sun" ? 1 : on && this.above(i, earth) > 0 ? 1 : 0;
      const blue = seen === 0;
      out[o] = blue ? 5 : 0; out[o + 1] = blue ? 14 : 0; out[o + 2] = blue ? 72 : 0;
      out[o + 3] = 224 * (1 - lit * seen);
    }
    this.canvas.getContext("2d")!.putImageData(this.picture, 0, 0);
  }

  shares(ms: number): Uint8Array {
    const { sun } = this.sky.at(ms), radius = Math.asin(SUN_RADIUS_M / Math.hypot(...sun));
    return Uint8Array.from(this.away, (_, i) => Number.isFinite(this.height[i]) ? Math.round(255 * this.lit(i, sun, radius)) : 0);
  }

  /** 1 where the second body is in view. */
  seen(ms: number): Uint8Array {
    const { earth, on } = this.sky.at(ms);
    return Uint8Array.from(this.away, (_, i) => on && Number.isFinite(this.height[i]) && this.above(i, earth) > 0 ? 1 : 0);
  }

  use(sky: Sky): void { this.sky = sky; }
}

class GpuLight implements LightMap {
  readonly canvas = document.createElement("canvas");
  readonly kind = "webgl2";
  private readonly gl: WebGL2RenderingContext;
  private readonly at: (name: string) => WebGLUniformLocation | null;

  constructor(readonly head: LightHead, skylines: Int16Array, height: Float32Array, private sky: Sky) {
    const { rows, cols, left_m, top_m, cell_m } = head.grid;
    this.canvas.width = cols; this.canvas.height = rows;
    const gl = this.canvas.getContext("webgl2", { premultipliedAlpha: true, preserveDrawingBuffer: true, antialias: false });
    if (!gl) throw new Error("no WebGL2");
    this.gl = gl;
    if (head.azimuths > gl.getParameter(gl.MAX_ARRAY_TEXTURE_LAYERS)) throw new Error("too many azimuths for this device");
    const program = gl.createProgram()!;
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text); gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "program");
    gl.useProgram(program);
    this.at = (name) => gl.getUniformLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(program, "at");
    gl.enableVertexAttribArray(corner); gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.activeTexture(gl.TEXTURE0); gl.bindTexture(gl.TEXTURE_2D_ARRAY, gl.createTexture());
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R16I, cols, rows, head.azimuths);
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, 0, cols, rows, head.azimuths, gl.RED_INTEGER, gl.SHORT, skylines);
    nearest(gl, gl.TEXTURE_2D_ARRAY);
    const ground = new Float32Array(2 * height.length); // height, and whether there is one: no NaN in a texture
    height.forEach((z, i) => { if (Number.isFinite(z)) { ground[2 * i] = z; ground[2 * i + 1] = 1; } });
    gl.activeTexture(gl.TEXTURE1); gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32F, cols, rows, 0, gl.RG, gl.FLOAT, ground);
    nearest(gl, gl.TEXTURE_2D);
    if (gl.getError() !== gl.NO_ERROR) throw new Error("not enough graphics memory");
    gl.uniform1i(this.at("skylines"), 0); gl.uniform1i(this.at("height"), 1);
    gl.uniform1i(this.at("azimuths"), head.azimuths); gl.uniform1i(this.at("rows"), rows); gl.uniform1i(this.at("cols"), cols);
    gl.uniform1f(this.at("cell"), cell_m); gl.uniform1f(this.at("left"), left_m); gl.uniform1f(this.at("top"), top_m);
    gl.uniform1f(this.at("eye"), head.height_m); gl.uniform1f(this.at("unit_rad"), head.unit_deg * Math.PI / 180);
    gl.viewport(0, 0, cols, rows);
  }

  private render(ms: number, body: number, plain: number): void {
    const gl = this.gl, { sun, earth, on } = this.sky.at(ms);
    gl.uniform3f(this.at("sun"), sun[0], sun[1], sun[2]); gl.uniform3f(this.at("earth"), earth[0], earth[1], earth[2]);
    gl.uniform1f(this.at("sun_radius"), Math.asin(SUN_RADIUS_M / Math.hypot(...sun)));
    gl.uniform1f(this.at("earth_radius"), Math.asin(EARTH_RADIUS_M / Math.hypot(...earth)));
    gl.uniform1i(this.at("on"), on ? 1 : 0); gl.uniform1i(this.at("body"), body); gl.uniform1i(this.at("plain"), plain);
    gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  draw(ms: number, body: Body): void { this.render(ms, { sun: 0, earth: 1, both: 2 }[body], 0); }

  private channel(ms: number, which: number): Uint8Array {
    this.render(ms, 0, 1);
    const { rows, cols } = this.head.grid, read = new Uint8Array(4 * rows * cols), out = new Uint8Array(rows * cols);
    this.gl.readPixels(0, 0, cols, rows, this.gl.RGBA, this.gl.UNSIGNED_BYTE, read);
    for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) out[row * cols + col] = read[4 * ((rows - 1 - row) * cols + col) + which];
    return out;
  }

  shares(ms: number): Uint8Array { return this.channel(ms, 0); }

  /** 1 where the second body is in view. */
  seen(ms: number): Uint8Array { return this.channel(ms, 1).map((v) => v > 127 ? 1 : 0); }

  use(sky: Sky): void { this.sky = sky; }
}

function nearest(gl: WebGL2RenderingContext, target: number): void {
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(target, name, gl.NEAREST);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(target, name, gl.CLAMP_TO_EDGE);
}
