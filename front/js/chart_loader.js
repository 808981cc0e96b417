// The drawing code is large and few pages draw: it is fetched when the first chart stands in a page.
import { onEach } from "./found.js";

let drawing;
onEach("[data-chart]", (host) => {
  drawing ??= import(document.querySelector("meta[name=charts-source]").content);
  drawing.then(({ drawChart }) => drawChart(host));
});
