// From the small description of a chart to drawing options. Bars start at zero, words stand at the marks, the palette comes from the page.
import { inFull, inShort } from "./chart_words.js";

function palette(host) {
  const style = getComputedStyle(host);
  const read = (name) => style.getPropertyValue(name).trim();
  const colours = {};
  for (const name of ["ink", "quiet", "line", "card", "accent", "grade-a", "grade-b", "grade-c", "grade-d", "line-strong"]) colours[name] = read(`--${name}`);
  colours.series = [1, 2, 3, 4, 5].map((n) => read(`--chart-${n}`));
  colours.ramp = { A: colours["grade-a"], B: colours["grade-b"], C: colours["grade-c"], D: colours["grade-d"], E: colours.card };
  colours.font = { fontFamily: style.fontFamily, fontSize: 13, color: colours.ink };
  return colours;
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const isNarrow = (host) => host.clientWidth < 480;

function tooltip(chart, colours, trigger) {
  return {
    trigger,
    renderMode: "richText",
    confine: true,
    transitionDuration: 0,
    backgroundColor: colours.card,
    borderColor: colours.line,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: colours.font,
    axisPointer: { type: chart.kind === "line" ? "line" : "shadow", lineStyle: { color: colours.line }, shadowStyle: { color: colours.line, opacity: 0.35 } },
    formatter: (points) => {
      const all = Array.isArray(points) ? points : [points];
      const lines = all.map((point) => `${point.seriesName && chart.series.length > 1 ? `${point.seriesName}  ` : ""}${inFull(chart, point.value)}`);
      return [all[0].name, ...lines].join("\n");
    },
  };
}

const base = (chart, colours, trigger) => ({
  animationDuration: still() ? 0 : 150,
  animationDurationUpdate: still() ? 0 : 150,
  textStyle: { fontFamily: colours.font.fontFamily },
  tooltip: tooltip(chart, colours, trigger),
});

const wordAxis = (chart, colours) => ({
  type: "category",
  data: chart.labels,
  axisLine: { lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { ...colours.font, color: colours.quiet, hideOverlap: true },
});

const numberAxis = (chart, colours, room) => ({
  type: "value",
  min: chart.kind === "line" && chart.from_zero === false ? "dataMin" : 0,
  splitNumber: room < 180 ? 2 : 4,
  minInterval: chart.decimals || chart.unit === "%" ? 0 : 1,
  splitLine: { lineStyle: { color: colours.line } },
  axisLabel: { ...colours.font, color: colours.quiet, formatter: (value) => inShort(chart, value) },
});

function lineOptions(chart, colours, host) {
  const many = chart.series.length > 1;
  return {
    ...base(chart, colours, "axis"),
    grid: { left: 4, right: many ? 76 : 16, top: 20, bottom: 4, containLabel: true },
    xAxis: { ...wordAxis(chart, colours), boundaryGap: false },
    yAxis: numberAxis(chart, colours, host.clientHeight),
    series: chart.series.map((series, at) => ({
      type: "line",
      name: series.name,
      data: series.values,
      symbol: "circle",
      symbolSize: 6,
      showSymbol: series.values.length === 1,
      lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
      color: series.dashed ? colours["line-strong"] : colours.series[at % 5],
      areaStyle: many ? undefined : { color: colours.series[0], opacity: 0.08 },
      endLabel: { show: many, ...colours.font, color: colours.ink, formatter: series.name, distance: 16 },
      labelLayout: many ? { moveOverlap: "shiftY" } : undefined,
      emphasis: { disabled: true },
    })),
  };
}

function barOptions(chart, colours, host) {
  const few = chart.labels.length <= (isNarrow(host) ? 7 : 14) && chart.series.length === 1;
  return {
    ...base(chart, colours, "axis"),
    grid: { left: 4, right: 4, top: 24, bottom: 4, containLabel: true },
    xAxis: wordAxis(chart, colours),
    yAxis: { ...numberAxis(chart, colours, host.clientHeight), show: !few },
    series: chart.series.map((series, at) => ({
      type: "bar",
      name: series.name,
      data: series.values.map((value, place) => (chart.highlight === undefined || chart.highlight === place ? value : { value, itemStyle: { color: colours["grade-b"] } })),
      stack: chart.stacked ? "all" : undefined,
      barMaxWidth: 40,
      barCategoryGap: "36%",
      color: colours.series[at % 5],
      itemStyle: { borderRadius: chart.stacked ? 0 : [3, 3, 0, 0] },
      label: { show: few, position: "top", ...colours.font, formatter: ({ value }) => inShort(chart, value) },
      emphasis: { disabled: true },
    })),
  };
}

// Horizontal bars with the word at the left and the figure at the right end: rankings, lifecycle, funnels.
function rowOptions(chart, colours) {
  return {
    ...base(chart, colours, "axis"),
    grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
    xAxis: { ...numberAxis(chart, colours, 0), show: false },
    yAxis: { ...wordAxis(chart, colours), inverse: true, axisLine: { show: false }, axisLabel: { ...colours.font, width: 120, overflow: "truncate" } },
    series: chart.series.map((series, at) => ({
      type: "bar",
      name: series.name,
      data: series.values,
      barMaxWidth: 22,
      color: colours.series[at % 5],
      itemStyle: { borderRadius: [0, 3, 3, 0] },
      label: { show: true, position: "right", ...colours.font, formatter: ({ value }) => inShort(chart, value) },
      emphasis: { disabled: true },
    })),
  };
}

// Grades from A (top, narrow) to E, each bar about the middle: an unseen bar pushes it there. A second series is a preview: filled,
// with the outline of the first over it.
function pyramidOptions(chart, colours) {
  const widest = Math.max(1, ...chart.series.flatMap((series) => series.values));
  const preview = chart.series[1];
  const filled = (preview ?? chart.series[0]).values;
  const bar = (stack, values, extra) => ({ type: "bar", stack, barWidth: "82%", barGap: "-100%", silent: true, data: values, emphasis: { disabled: true }, ...extra });
  const push = (stack, values) => bar(stack, values.map((value) => (widest - value) / 2), { itemStyle: { color: "transparent" } });
  const fill = (value, at) => {
    const label = chart.labels[at];
    const border = label === "E" ? { borderColor: colours["line-strong"], borderWidth: 1 } : {};
    return { value, itemStyle: { color: colours.ramp[label] ?? colours["grade-b"], borderRadius: 3, ...border } };
  };
  const label = { show: true, position: "right", distance: 10, ...colours.font, formatter: ({ dataIndex }) => pyramidLabel(chart, dataIndex) };
  const outline = { color: "transparent", borderColor: colours.ink, borderType: "dashed", borderWidth: 1, borderRadius: 3 };
  const series = [push("now", filled), bar("now", filled.map(fill), { label })];
  if (preview) series.push(push("was", chart.series[0].values), bar("was", chart.series[0].values, { itemStyle: outline }));
  return {
    ...base(chart, colours, "none"),
    tooltip: { show: false },
    grid: { left: 28, right: preview ? 108 : 56, top: 4, bottom: 4 },
    xAxis: { type: "value", show: false, min: 0, max: widest },
    yAxis: { ...wordAxis(chart, colours), inverse: true, axisLine: { show: false }, axisLabel: { ...colours.font, fontWeight: 600, fontSize: 15 } },
    series,
  };
}

function pyramidLabel(chart, at) {
  const [was, preview] = chart.series;
  if (!preview) return inFull(chart, was.values[at]);
  const change = preview.values[at] - was.values[at];
  return `${inFull(chart, preview.values[at])}${change ? `  ${change > 0 ? "+" : "−"}${inFull(chart, Math.abs(change))}` : ""}`;
}

function shareOptions(chart, colours, host) {
  const [series] = chart.series;
  return {
    ...base(chart, colours, "item"),
    series: [
      {
        type: "pie",
        radius: isNarrow(host) ? ["40%", "62%"] : ["52%", "80%"],
        center: ["50%", "50%"],
        data: chart.labels.map((label, at) => ({
          name: label,
          value: series.values[at],
          itemStyle: { color: colours.ramp[label] && chart.labels.includes("E") ? colours.ramp[label] : colours.series[at % 5], borderColor: colours.card, borderWidth: 2 },
        })),
        label: { ...colours.font, lineHeight: 17, alignTo: "edge", edgeDistance: 0, minMargin: 4, overflow: "break", formatter: ({ name, value }) => `${name}\n${inShort(chart, value)}` },
        labelLine: { length: 6, length2: 0, maxSurfaceAngle: 80, lineStyle: { color: colours["line-strong"] } },
        emphasis: { disabled: true },
      },
    ],
  };
}

const kinds = { line: lineOptions, bar: barOptions, rows: rowOptions, pyramid: pyramidOptions, share: shareOptions };

export function optionsFor(chart, host) {
  const make = kinds[chart.kind];
  if (!make) throw new Error(`Unknown chart kind: ${chart.kind}`);
  return make(chart, palette(host), host);
}
