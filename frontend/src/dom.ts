// Small pieces of page. Text is always text: nothing from a file becomes markup.

export function need<T extends HTMLElement>(id: string): T { return document.getElementById(id) as T; }

type Child = Node | string | null | undefined | false;
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, set: Partial<Record<string, unknown>> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(set)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value as EventListener);
    else if (key === "class") node.className = String(value);
    else if (key in node && !key.startsWith("aria")) (node as unknown as Record<string, unknown>)[key] = value;
    else node.setAttribute(key, String(value));
  }
  node.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return node;
}

export function say(words: string, bad = false): void {
  const line = need("say");
  line.textContent = words;
  line.className = bad ? "bad" : "";
}

/** Run what a button asked for; an error becomes one line on the page. */
export async function trying(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if ((error as Error).name !== "AbortError") say((error as Error).message, true);
  }
}

export function copyable(python: string, cli: string): HTMLElement {
  const copy = (words: string) => () => void trying(async () => { await navigator.clipboard.writeText(words); say("copied"); });
  return el("details", {}, el("summary", {}, "As Python or command line"),
    el("pre", {}, cli), el("button", { type: "button", onclick: copy(cli) }, "Copy command"),
    el("pre", {}, python), el("button", { type: "button", onclick: copy(python) }, "Copy Python"));
}

export function save(name: string, text: string, type: string): void {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const COLOURS = ["#5fb4ff", "#ffb35f", "#6fe0a0", "#ff86b0", "#c7a6ff", "#ffe27a", "#7fe3e8", "#ff8a6b", "#b8d96b", "#b0b8c4"];
