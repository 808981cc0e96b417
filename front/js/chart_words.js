// Numbers as people read them, in the language of the page.
const language = () => document.documentElement.lang || "en";

/** "¥1,234", "12%", "38": a value of this chart in full. */
export function inFull(chart, value) {
  if (value === null || value === undefined) return "–";
  const text = new Intl.NumberFormat(language(), { maximumFractionDigits: chart.decimals ?? 0 }).format(value);
  return withUnit(chart, text);
}

/** "¥12.3万", "¥123K": short enough for an axis or a label beside a bar; small numbers stay whole. */
export function inShort(chart, value) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) < 10_000) return inFull(chart, value);
  const text = new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
  return withUnit(chart, text);
}

function withUnit(chart, text) {
  const unit = chart.unit ?? "";
  if (!unit) return text;
  return /^[¥$€£]/.test(unit) ? `${unit}${text}` : unit === "%" ? `${text}%` : `${text} ${unit}`;
}
