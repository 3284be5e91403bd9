// A chart of forewarn.charts.geometry as SVG. Every text becomes a text node: nothing is ever read as HTML.
import { h } from "vue";

function tick(chart, at) {
  const last = at.at >= chart.right - 12;
  return h("text", { class: "axis", x: last ? chart.width - 2 : at.at, y: chart.bottom + 17, "text-anchor": last ? "end" : "middle" }, at.label);
}

export default {
  props: { chart: Object, cursor: Number },
  render() {
    const chart = this.chart;
    const drawn = [];
    for (const at of chart.y_ticks) {
      drawn.push(h("path", { class: "grid", d: `M${chart.left} ${at.at}H${chart.right}` }));
      drawn.push(h("text", { class: "axis", x: chart.left - 6, y: at.at + 4, "text-anchor": "end" }, at.label));
    }
    for (const at of chart.x_ticks) {
      if (!chart.y_ticks.length) drawn.push(h("path", { class: "grid", d: `M${at.at} ${chart.top}V${chart.bottom}` }));
      drawn.push(h("path", { class: "tick", d: `M${at.at} ${chart.bottom}v5` }));
      drawn.push(tick(chart, at));
    }
    drawn.push(h("path", { class: "tick", d: `M${chart.left} ${chart.bottom}H${chart.right}` }));
    for (const shape of chart.shapes) drawn.push(h("path", { class: shape.style, d: shape.path }));
    for (const mark of chart.marks) {
      drawn.push(h("path", { class: "mark", d: `M${mark.at} ${chart.top - 4}V${chart.bottom}` }));
      drawn.push(h("text", { class: "mark-name", x: mark.at, y: chart.top - 8, "text-anchor": "middle" }, mark.label));
    }
    for (const name of chart.names) drawn.push(h("text", { class: "name", x: chart.left, y: name.at }, name.label));
    if (chart.y_label) drawn.push(h("text", { class: "axis", x: 2, y: 11 }, chart.y_label));
    if (chart.x_label) drawn.push(h("text", { class: "axis", x: chart.right, y: chart.height - 3, "text-anchor": "end" }, chart.x_label));
    if (this.cursor != null && this.cursor >= 0) {
      const x = chart.left + this.cursor * (chart.right - chart.left);
      drawn.push(h("path", { class: "cursor", d: `M${x} ${chart.top - 4}V${chart.bottom}` }));
    }
    return h("svg", { class: "chart", viewBox: `0 0 ${chart.width} ${chart.height}`, role: "img", "aria-label": `${chart.title}. ${chart.description}` }, drawn);
  },
};
