// A sale as it is put together: weight × price by gram fills the amount, the amounts add up to the total.
// <form data-sums data-currency="CNY"> holds [data-line] with data-sum="weight | per-gram | amount"; [data-total] shows the sum.
import { onEach } from "./found.js";

// Whole cents from what was typed (1,234.5); NaN for anything else. No float is ever added up.
function minorOf(text) {
  const plain = text.replaceAll(/[,\s¥]/g, "");
  const parts = /^(\d+)(?:\.(\d{0,2}))?$/.exec(plain);
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0")) : Number.NaN;
}
function milligramsOf(text) {
  const parts = /^(\d+)(?:\.(\d{0,3}))?$/.exec(text.replaceAll(/[,\s]/g, ""));
  return parts ? Number(parts[1]) * 1000 + Number((parts[2] ?? "").padEnd(3, "0")) : Number.NaN;
}
const written = (minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;

onEach("form[data-sums]", (form) => {
  const shown = new Intl.NumberFormat(document.documentElement.lang || "en", { minimumFractionDigits: 2 });
  const box = (line, name) => line.querySelector(`[data-sum="${name}"]`);

  function fillAmount(line) {
    const weight = milligramsOf(box(line, "weight")?.value ?? "");
    const perGram = minorOf(box(line, "per-gram")?.value ?? "");
    if (!Number.isNaN(weight) && !Number.isNaN(perGram)) box(line, "amount").value = written(Math.round((weight * perGram) / 1000));
  }
  function addUp() {
    const amounts = [...form.querySelectorAll('[data-sum="amount"]')].map((input) => minorOf(input.value));
    const total = amounts.filter((amount) => !Number.isNaN(amount)).reduce((sum, amount) => sum + amount, 0);
    for (const place of form.querySelectorAll("[data-total]")) place.textContent = shown.format(total / 100);
    for (const place of form.querySelectorAll("[data-when-lines]")) place.hidden = amounts.length === 0;
  }
  form.addEventListener("input", (event) => {
    const line = event.target.closest("[data-line]");
    if (line && ["weight", "per-gram"].includes(event.target.dataset.sum)) fillAmount(line);
    addUp();
  });
  // Enter in a search box takes the first answer; it never sends the whole sale.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "search") return;
    event.preventDefault();
    event.target.closest(".find")?.querySelector(".search-row")?.click();
  });
  form.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-clears]");
    if (chosen) {
      const find = chosen.closest(".find");
      setTimeout(() => {
        find.querySelector(chosen.dataset.clears).replaceChildren();
        find.querySelector("input[type=search]").value = "";
      }, 0);
    }
    if (!event.target.closest("[data-drop-line]")) return;
    event.target.closest("[data-line]").remove();
    addUp();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (form.contains(event.target)) addUp();
  });
  addUp();
});
