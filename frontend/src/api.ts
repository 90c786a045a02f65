import { placeOfCopy } from "./copy";
// One door to the server: errors come as one line that says what to do.

export interface Grid { pole: string; rows: number; cols: number; cell_m: number; left_m: number; top_m: number; right_m: number; bottom_m: number }
export interface Layer { name: string; label: string; unit: string; meaning: string; low: number; high: number; colours: string[]; parts: { part: string; synthetic: string; grid: Grid }[] }
export interface Drive { x_m: number[]; y_m: number[]; times_ms: number[]; battery_wh: number[]; distance_m: number[]; activity: string[]; labels?: string[]; summary?: Record<string, number> }
export interface Site { name: string; rank: number; lat_deg: number; lon_deg: number; x_m: number; y_m: number; score: number; reasons: string[]; synthetic_below_m: number | null; drive: Drive | null; [key: string]: unknown }
export interface Study {
  title: string; name: string; version: string; pole: "south" | "north";
  projection: { code: string; proj: string; radius_m: number; probe: { lat_deg: number; lon_deg: number; x_m: number; y_m: number } };
  tiles: { half_m: number; size: number; levels: number };
  layers: Layer[]; extent: number[]; season: { start_utc: string | null; stop_utc: string | null }; span: (string | null)[];
  sites: Site[]; names: { name: string; lat_deg: number; lon_deg: number; area_km2: number }[];
  radio: string; layers_of_mission: boolean; problems: string[]; synthetic: string[]; has: Record<string, boolean>;
}

export interface OwnLayer { name: string; kind: string; features: { name: string; parts: number[][][]; diameter_m: number | null }[] }

/** A copy without a server: what was asked beforehand, pictures of the maps, and their numbers in files of their own. */
export interface Frozen { answers: Record<string, unknown>; pictures: Record<string, { part: string; file: string; extent: number[] }[]>; numbers: { name: string; part: string; file: string }[]; missing: string[] }
export const frozen = (window as unknown as { lupexCopy?: Frozen }).lupexCopy;
const ALONE = "this is a copy without a server; open the study with lupex serve to ask this";

export class ApiError extends Error {}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  let words = `${answer.status} ${answer.statusText}`;
  try {
    const said = await answer.json();
    words = said.error ?? words;
    if (said.detail?.[0]) words += `: ${said.detail[0].loc.slice(1).join(".")}: ${said.detail[0].msg}`;
  } catch { /* an answer without words */ }
  throw new ApiError(words);
}

async function fetched(path: string, how?: RequestInit): Promise<Response> {
  if (frozen) throw new ApiError(ALONE);
  let answer: Response;
  try {
    answer = await fetch(path, how);
  } catch {
    throw new ApiError("the server does not answer: was `lupex serve` stopped? Start it again and open its new address");
  }
  return checked(answer);
}

export async function get<T>(path: string, query: Record<string, string | number> = {}, signal?: AbortSignal): Promise<T> {
  if (frozen && path in frozen.answers) return frozen.answers[path] as T;
  if (frozen && path === "/api/place") return await placeOfCopy(frozen, Number(query.lat_deg), Number(query.lon_deg)) as T;
  const words = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
  return (await fetched(words ? `${path}?${words}` : path, { signal })).json();
}

export async function bytes(path: string, query: Record<string, string | number> = {}): Promise<ArrayBuffer> {
  const words = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
  return (await fetched(words ? `${path}?${words}` : path)).arrayBuffer();
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return (await fetched(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
}

export interface Job<T> { state: "waiting" | "running" | "done" | "failed"; result?: T; error?: string }

export async function job<T>(path: string, body: unknown, told: (words: string) => void): Promise<T> {
  const begun = performance.now();
  const { job: number } = await post<{ job: number }>(path, body);
  for (let wait = 200; ; wait = Math.min(1500, wait * 1.3)) {
    await new Promise((done) => setTimeout(done, wait));
    const now = await get<Job<T>>(`/api/jobs/${number}`);
    if (now.state === "done") return now.result as T;
    if (now.state === "failed") throw new ApiError(now.error ?? "failed");
    told(`${now.state}, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
}
