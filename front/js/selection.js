// Ticks in a list: <form data-selection> holds rows with <input type=checkbox name=chosen>; its [data-bulk] bar shows only when one is ticked.
// [data-chosen-count] says how many; [data-choose-all] ticks or clears all.
import { onEach } from "./found.js";

onEach("[data-selection]", (form) => {
  const ticks = () => [...form.querySelectorAll("input[type=checkbox][name=chosen]")];
  const show = () => {
    const count = ticks().filter((tick) => tick.checked).length;
    form.querySelectorAll("[data-bulk]").forEach((bar) => (bar.hidden = count === 0));
    form.querySelectorAll("[data-chosen-count]").forEach((place) => (place.textContent = count));
    form.querySelectorAll("[data-choose-all]").forEach((all) => {
      all.checked = count > 0 && count === ticks().length;
      all.indeterminate = count > 0 && !all.checked;
    });
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) for (const tick of ticks()) tick.checked = event.target.checked;
    show();
  });
  form.addEventListener("htmx:afterSwap", show);
  show();
});
