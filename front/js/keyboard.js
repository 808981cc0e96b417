// Keys: / or ⌘K search, g + letter goes to a page, j and k walk a list, e and other letters press data-key, z undoes, ? shows the keys.
const goKeys = { t: "today", c: "customers", s: "sale", i: "import", r: "grading", b: "board", ",": "settings" };
const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]");
const isShown = (element) => element.getClientRects().length > 0;
let goSince = 0;

const rows = () => [...document.querySelectorAll(".list-row, .table tr:has(a.opens-row)")].filter(isShown);
const handle = (row) => row.querySelector("a.opens-row, a, button") ?? row;
const rowInFocus = () => document.activeElement?.closest(".list-row, .table tr");

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(rowInFocus());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  handle(next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function pressKey(key) {
  const select = `[data-key="${CSS.escape(key)}"]`;
  const button = rowInFocus()?.querySelector(select) ?? [...document.querySelectorAll(select)].find(isShown);
  button?.click();
  return Boolean(button);
}

function act(key) {
  if (goSince && Date.now() - goSince < 1500) {
    goSince = 0;
    const link = goKeys[key] && document.querySelector(`[data-go="${goKeys[key]}"]`);
    if (link) link.click();
    return Boolean(link);
  }
  if (key === "g") {
    goSince = Date.now();
    return true;
  }
  if (key === "j" || key === "k") {
    walk(key === "j" ? 1 : -1);
    return true;
  }
  if (key === "z") {
    const undo = [...document.querySelectorAll("[data-undo-button]")].at(-1);
    undo?.click();
    return Boolean(undo);
  }
  if (key === "?") {
    document.getElementById("keys-sheet")?.showModal();
    return true;
  }
  return pressKey(key);
}

document.addEventListener("keydown", (event) => {
  const toSearch = (event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !isTyping(event.target));
  if (toSearch && document.getElementById("search-input")) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("search:open"));
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || event.key.length !== 1) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
});

// The help sheet lists only the pages that this person has.
const keysList = document.getElementById("keys-list");
for (const [key, name] of Object.entries(goKeys)) {
  const link = keysList && document.querySelector(`.rail [data-go="${name}"]`);
  if (!link) continue;
  const term = document.createElement("dt");
  for (const letter of ["g", key]) {
    const cap = document.createElement("kbd");
    cap.textContent = letter;
    term.append(cap, " ");
  }
  const meaning = document.createElement("dd");
  meaning.textContent = link.textContent.trim();
  keysList.append(term, meaning);
}
