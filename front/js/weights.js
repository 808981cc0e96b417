// Weights that always sum to 100: when one slider moves, the others give or take in proportion. <fieldset data-weights> with ranges inside.
// Sends "weights:changed" from the fieldset, so that htmx can ask for a preview: hx-trigger="weights:changed delay:250ms".
import { onEach } from "./found.js";

/** Share `total` among `shares` in proportion, in whole numbers that sum exactly (largest remainder first). */
export function inProportion(total, shares) {
  const sum = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (sum ? (share * total) / sum : total / shares.length));
  const whole = exact.map(Math.floor);
  const order = exact.map((value, at) => [value - whole[at], at]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (let left = total - whole.reduce((a, b) => a + b, 0), next = 0; left > 0; left -= 1, next += 1) whole[order[next][1]] += 1;
  return whole;
}

onEach("[data-weights]", (group) => {
  const sliders = [...group.querySelectorAll("input[type=range]")].filter((slider) => !slider.disabled);
  let before = sliders.map((slider) => Number(slider.value));
  const say = () => {
    for (const slider of sliders) {
      const output = group.querySelector(`output[for="${slider.id}"]`);
      if (output) output.value = slider.value;
    }
    const total = group.querySelector("[data-weights-total]");
    if (total) total.textContent = sliders.reduce((sum, slider) => sum + Number(slider.value), 0);
  };
  group.addEventListener("input", (event) => {
    const moved = sliders.indexOf(event.target);
    if (moved < 0) return;
    const others = sliders.filter((_, at) => at !== moved);
    const given = inProportion(100 - Number(event.target.value), before.filter((_, at) => at !== moved));
    others.forEach((slider, at) => (slider.value = given[at]));
    say();
    group.dispatchEvent(new CustomEvent("weights:changed", { bubbles: true }));
  });
  // The proportions of the others are those from when the finger was set down, so that dragging back restores them; pushed to
  // nothing by one slider at 100, they are still remembered.
  const settle = () => {
    const now = sliders.map((slider) => Number(slider.value));
    if (!now.includes(100)) before = now;
  };
  group.addEventListener("change", settle);
  group.addEventListener("pointerdown", settle);
  say();
});
