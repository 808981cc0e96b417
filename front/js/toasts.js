// Toasts: one sentence, gone after 5 s, or after 10 s when the act can be undone; the clock stands still under the finger.
const place = () => document.getElementById("toasts");

export const word = (name) => place()?.dataset[name] ?? "";

function button(label, className) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.append(label);
  return made;
}

/** Show a sentence. `undo_url` offers to take the act back by a POST. */
export function showToast({ text, level = "", undo_url = "" }) {
  if (!place() || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast ${level ? `is-${level}` : ""}`;
  toast.dataset.toast = "";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  toast.append(sentence);
  if (undo_url) {
    const undo = button(word("undo"), "button");
    undo.dataset.undoButton = "";
    undo.setAttribute("hx-post", undo_url);
    undo.setAttribute("hx-swap", "none");
    toast.append(undo);
  }
  const close = button("×", "icon-button");
  close.setAttribute("aria-label", word("close"));
  close.dataset.toastClose = "";
  toast.append(close);
  place().append(toast);
  globalThis.htmx?.process(toast);
  startClock(toast);
}

const started = new WeakSet();
function startClock(toast) {
  if (started.has(toast)) return;
  started.add(toast);
  let left = toast.querySelector("[data-undo-button]") ? 10_000 : toast.classList.contains("is-late") ? 10_000 : 5_000;
  let since = Date.now();
  let timer = setTimeout(() => toast.remove(), left);
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  const go = () => {
    since = Date.now();
    timer = setTimeout(() => toast.remove(), Math.max(left, 1500));
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", go);
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-toast-close]")) event.target.closest("[data-toast]").remove();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.matches?.("[data-undo-button]")) event.detail.elt.closest("[data-toast]")?.remove();
});
// The server may answer any htmx request with the header HX-Trigger: {"toast": {"text": "…", "level": "good", "undo_url": "…"}}
document.addEventListener("toast", (event) => showToast(event.detail));

if (place()) {
  place().querySelectorAll("[data-toast]").forEach(startClock);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) startClock(node);
  }).observe(place(), { childList: true });
}
