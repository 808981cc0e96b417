// Draws the charts of a page (its own bundle, fetched by chart_loader.js). The server gives a small description, not drawing options:
// see front/README.md, "Charts". Tooltips are drawn as SVG text because the page's rules forbid style attributes.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { optionsFor } from "./chart_options.js";
import { fillTable } from "./chart_table.js";

use([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

const drawn = new Map();

function readChart(host) {
  const block = document.getElementById(host.dataset.chart);
  return block ? JSON.parse(block.textContent) : null;
}

// Bars of several series cannot carry their names: a key in words stands under the title.
function writeKey(host, chart) {
  const caption = host.closest("figure")?.querySelector("figcaption");
  if (!caption || !["bar", "rows"].includes(chart.kind) || chart.series.length < 2) return;
  const key = caption.querySelector(".chart-key") ?? document.createElement("ul");
  key.className = "chart-key";
  key.replaceChildren(
    ...chart.series.map((series) => {
      const entry = document.createElement("li");
      entry.textContent = series.name;
      return entry;
    }),
  );
  caption.append(key);
}

/** Draw one host element, or draw it again when its description or the theme has changed. */
export function drawChart(host) {
  const chart = readChart(host);
  if (!chart) return;
  fillTable(document.querySelector(`[data-chart-table="${CSS.escape(host.dataset.chart)}"]`), chart);
  writeKey(host, chart);
  let picture = drawn.get(host);
  if (!picture) {
    picture = init(host, null, { renderer: "svg" });
    drawn.set(host, picture);
    new ResizeObserver(() => host.isConnected && picture.resize()).observe(host);
  }
  picture.setOption(optionsFor(chart, host), { notMerge: true });
}

const redraw = () => {
  for (const [host, picture] of drawn) {
    if (host.isConnected) drawChart(host);
    else {
      picture.dispose();
      drawn.delete(host);
    }
  }
};
document.addEventListener("theme:changed", redraw);
document.addEventListener("htmx:afterSwap", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
