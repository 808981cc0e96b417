// The same figures to read: filled into the <details> under a chart.
import { inFull } from "./chart_words.js";

function cell(kind, text, className) {
  const made = document.createElement(kind);
  if (className) made.className = className;
  if (kind === "th") made.scope = className ? "col" : "row";
  made.textContent = text;
  return made;
}

export function fillTable(details, chart) {
  const place = details?.querySelector(".table-wrap");
  if (!place) return;
  const table = document.createElement("table");
  table.className = "table";
  const head = table.createTHead().insertRow();
  const corner = cell("th", chart.label_title ?? "");
  corner.scope = "col";
  head.append(corner, ...chart.series.map((series) => cell("th", series.name ?? "", "num")));
  const body = table.createTBody();
  chart.labels.forEach((label, at) => {
    body.insertRow().append(cell("th", label), ...chart.series.map((series) => cell("td", inFull(chart, series.values[at]), "num")));
  });
  place.replaceChildren(table);
}
