// Copies words to say: data-copy="#id" names the element whose text goes to the clipboard, data-copied what is said then.
import { showToast } from "./toasts.js";

function copyOldWay(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "hear-only";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

// The clipboard needs a safe origin; a shop's own address in the house may not be one.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  if (await copyText(source.textContent.trim())) showToast({ text: button.dataset.copied, level: "good" });
  else source.closest("details")?.setAttribute("open", "");
});
