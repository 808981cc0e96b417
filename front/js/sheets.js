// Sheets are <dialog>s: data-open="id" opens, data-close (or a tap beside it) closes; htmx may fill the common one (#sheet-body).
const openSheet = (id) => {
  const sheet = document.getElementById(id);
  if (sheet && !sheet.open) sheet.showModal();
};
const closeSheets = () => document.querySelectorAll("dialog[open]").forEach((sheet) => sheet.close());

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener) {
    // What htmx still has to fetch is shown when it has come (see htmx:afterSwap).
    if (!opener.matches("[hx-get], [hx-post]")) openSheet(opener.dataset.open);
    return;
  }
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target.matches?.("dialog.sheet")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const body = event.detail.target;
  if (body?.id !== "sheet-body") return;
  if (!body.textContent.trim()) return closeSheets();
  openSheet("sheet");
  const title = body.querySelector("h2, h1");
  if (title) document.getElementById("sheet").setAttribute("aria-label", title.textContent.trim());
  body.querySelector("[autofocus]")?.focus();
});
// HX-Trigger: closeSheet
document.addEventListener("closeSheet", closeSheets);

// One question before an act that cannot be undone: hx-confirm, or data-confirm on a form.
export function ask(question, label) {
  const sheet = document.getElementById("confirm-sheet");
  if (!sheet) return Promise.resolve(globalThis.confirm(question));
  const yes = document.getElementById("confirm-yes");
  document.getElementById("confirm-text").textContent = question;
  yes.textContent = label || yes.dataset.word;
  return new Promise((answer) => {
    let agreed = false;
    const agree = () => {
      agreed = true;
      sheet.close();
    };
    yes.addEventListener("click", agree, { once: true });
    sheet.addEventListener(
      "close",
      () => {
        yes.removeEventListener("click", agree);
        answer(agreed);
      },
      { once: true },
    );
    sheet.showModal();
  });
}
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.detail.elt.dataset.confirmLabel).then((agreed) => agreed && event.detail.issueRequest(true));
});
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const pressed = event.submitter;
    ask(form.dataset.confirm, form.dataset.confirmLabel).then((agreed) => {
      if (!agreed) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(pressed ?? undefined);
      delete form.dataset.confirmed;
    });
  },
  true,
);
