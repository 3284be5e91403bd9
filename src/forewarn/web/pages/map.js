// The map: land, roads, flows, people. No tiles: everything that is drawn came from the server of this page.
import { leaflet as L } from "nicegui-leaflet";
import { loadResource } from "../../static/utils/resources.js";

const LARGEST = 30; // radius of the largest circle, pixels
const WIDEST = 9; // width of the busiest road, pixels
const MOST_NAMES = 18;
const number = (count) => Math.abs(count).toLocaleString("en");

// Names of places and titles come from strangers: they become text, never HTML.
function words(lines) {
  const box = document.createElement("div");
  for (const line of lines) box.append(Object.assign(document.createElement("div"), { textContent: line }));
  return box;
}

export default {
  props: { scene: Object, frames: Object, day: Number, resourcePath: String, label: String },
  template: `<div class="map-box"><svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
    <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="7" height="7" fill="#eeeae0"/><path d="M0 0V7" stroke="#8a8a8a" stroke-width="1.4"/></pattern></defs></svg>
    <div class="map-canvas" role="application" :aria-label="label"></div>
    <p class="note roads-said"></p></div>`,
  async mounted() {
    this.at = this.day || 0;
    this.shown = this.frames || null;
    this.picked = -1;
    this.placing = false;
    this.camps = [];
    await this.$nextTick();
    await loadResource(window.path_prefix + `${this.resourcePath}/leaflet/leaflet.css`);
    const box = this.$el.querySelector(".map-canvas");
    const map = L.map(box, { attributionControl: false, zoomSnap: 0.25, minZoom: 3, maxZoom: 15, preferCanvas: false });
    this.map = map;
    const scene = this.scene;
    map.fitBounds(scene.bounds);
    map.setMaxBounds(L.latLngBounds(scene.bounds).pad(0.6));
    for (const [name, z] of [["land", 250], ["roads", 350], ["flows", 360], ["marks", 420], ["people", 430], ["dots", 450], ["names", 640]]) {
      map.createPane(name).style.zIndex = z;
    }
    map.getPane("names").style.pointerEvents = "none";
    this.drawGround();
    this.people = scene.places.map((place, index) => {
      const circle = L.circleMarker([place.lat, place.lon], { pane: "people", radius: 0, className: "people" }).addTo(map);
      circle.bindTooltip(() => words(this.says(index)), { direction: "top", sticky: true });
      circle.on("click", (event) => this.choose(index, event));
      return circle;
    });
    this.dots = scene.places.map((place, index) => {
      const style = { pane: "dots", radius: 4, weight: 1, color: "#fff", fillColor: scene.colours[place.zone], fillOpacity: 1, className: "town" };
      const dot = L.circleMarker([place.lat, place.lon], style).addTo(map);
      dot.bindTooltip(() => words(this.says(index)), { direction: "top", sticky: true });
      dot.on("click", (event) => this.choose(index, event));
      return dot;
    });
    this.names = L.layerGroup().addTo(map);
    this.extra = L.layerGroup().addTo(map);
    map.on("click", (event) => {
      if (this.placing) this.$emit("spot", { lat: event.latlng.lat, lon: event.latlng.lng });
    });
    map.on("zoomend", () => this.drawNames());
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
    this.ready = true;
    this.draw();
    this.drawCamps();
    this.place(this.placing);
  },
  beforeUnmount() {
    this.map?.remove();
  },
  methods: {
    drawGround() {
      const scene = this.scene;
      for (const area of scene.countries) {
        L.polygon(area.rings, { pane: "land", className: "land", interactive: false }).addTo(this.map);
      }
      for (const area of scene.disputed) {
        L.polygon(area.rings, { pane: "land", className: "disputed", interactive: false }).addTo(this.map);
      }
      for (const post of scene.posts) {
        L.circle([post.lat, post.lon], { pane: "marks", radius: post.metres, className: "covers", interactive: false }).addTo(this.map);
        const icon = L.divIcon({ className: "post-icon", html: "▲", iconSize: [12, 12] });
        const mark = L.marker([post.lat, post.lon], { pane: "marks", icon, keyboard: false }).addTo(this.map);
        mark.bindTooltip(() => words([`Observation post ${post.name}`]), { direction: "top" });
      }
      this.roads = scene.roads.map((road) => {
        const ends = [scene.places[road.from], scene.places[road.to]].map((place) => [place.lat, place.lon]);
        L.polyline(ends, { pane: "roads", className: "road", interactive: false }).addTo(this.map);
        if (road.closed) {
          const middle = [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
          const icon = L.divIcon({ className: "shut-icon", html: "×", iconSize: [14, 14] });
          L.marker(middle, { pane: "marks", icon, interactive: false, keyboard: false }).addTo(this.map);
        }
        const flow = L.polyline(ends, { pane: "flows", className: "flow", weight: 0 }).addTo(this.map);
        flow.bindTooltip(() => words(this.saysRoad(road)), { sticky: true });
        return flow;
      });
    },
    says(index) {
      const place = this.scene.places[index];
      const lines = [place.name];
      if (!this.shown) return lines;
      if (this.shown.where_unknown) return [...lines, this.shown.where_unknown];
      const count = this.shown.people[this.at][index];
      if (this.shown.difference) {
        lines.push(count ? `${number(count)} ${count < 0 ? "fewer" : "more"} newly displaced people there (median)` : "no difference, or suppressed (fewer than 10)");
      } else {
        lines.push(count ? `${number(count)} newly displaced people there (median)` : "nobody, or suppressed (fewer than 10)");
      }
      return lines;
    },
    saysRoad(road) {
      if (this.shown?.where_unknown) return [this.shown.where_unknown];
      const index = this.scene.roads.indexOf(road);
      const lines = [`${this.scene.places[road.from].name} – ${this.scene.places[road.to].name}`];
      if (!this.shown || this.shown.difference) return lines;
      const table = this.shown.table[this.at];
      const count = this.shown.moved[table][index];
      if (table) lines.push(count ? `${number(count)} people` : "nobody, or suppressed (fewer than 10)");
      return [...lines, this.shown.roads[table]];
    },
    choose(index, event) {
      if (this.placing) return;
      if (event) L.DomEvent.stopPropagation(event);
      this.pick(index);
      this.$emit("place", { index });
    },
    // What the page asks for.
    show(day) {
      this.at = Number(day);
      this.draw();
    },
    set(frames) {
      this.shown = frames;
      this.at = Math.min(this.at, frames.people.length - 1);
      this.draw();
    },
    pick(index) {
      this.picked = index;
      this.draw();
    },
    place(on) {
      this.placing = on;
      if (this.ready) this.map.getContainer().classList.toggle("placing", on);
    },
    setCamps(camps) {
      this.camps = camps;
      this.drawCamps();
    },
    drawCamps() {
      if (!this.ready) return;
      this.extra.clearLayers();
      for (const camp of this.camps) {
        const icon = L.divIcon({ className: "camp-icon", html: "✚", iconSize: [18, 18] });
        const mark = L.marker([camp.lat, camp.lon], { icon, keyboard: false }).addTo(this.extra);
        mark.bindTooltip(() => words([camp.name, `new camp for ${number(camp.capacity)} people`]), { direction: "top" });
      }
    },
    draw() {
      if (!this.ready || !this.shown) return;
      const { people, moved, table, roads, largest, busiest, attacked, difference } = this.shown;
      const now = people[this.at];
      this.people.forEach((circle, index) => {
        const count = now[index] || 0;
        circle.setRadius(count ? Math.max(2, LARGEST * Math.sqrt(Math.abs(count) / largest)) : 0);
        const path = circle.getElement();
        path.classList.toggle("fewer", Boolean(difference) && count < 0);
        path.classList.toggle("more", Boolean(difference) && count > 0);
        path.classList.toggle("picked", index === this.picked);
      });
      this.dots.forEach((dot, index) => {
        const hit = attacked.includes(index);
        dot.setStyle({ color: hit || index === this.picked ? "#000" : "#fff", weight: index === this.picked ? 3 : hit ? 2 : 1 });
        dot.setRadius(index === this.picked ? 6 : 4);
      });
      const row = moved[table[this.at]];
      this.$el.querySelector(".roads-said").textContent = roads[table[this.at]] || "";
      this.roads.forEach((flow, index) => {
        const count = row?.[index] || 0;
        flow.setStyle({ weight: count ? Math.max(1, WIDEST * Math.sqrt(count / busiest)) : 0 });
      });
      this.drawNames();
    },
    drawNames() {
      this.names.clearLayers();
      const scene = this.scene;
      const now = this.shown ? this.shown.people[this.at] : [];
      const order = scene.places.map((place, index) => index);
      order.sort((a, b) => (b === this.picked) - (a === this.picked) || Math.abs(now[b] || 0) - Math.abs(now[a] || 0) || scene.places[b].weight - scene.places[a].weight);
      const taken = [];
      const size = this.map.getSize();
      const most = size.x < 500 ? 9 : MOST_NAMES;
      let drawn = 0;
      for (const index of order) {
        if (drawn >= most) break;
        const place = scene.places[index];
        const spot = this.map.latLngToContainerPoint([place.lat, place.lon]);
        const text = place.name.split(" (")[0] || place.name;
        const wide = text.length * 7 + 6;
        const away = Math.min(this.people[index].getRadius(), 14) + 4;
        const sides = [[spot.x + away, spot.y - 8], [spot.x - away - wide, spot.y - 8], [spot.x - wide / 2, spot.y - away - 16], [spot.x - wide / 2, spot.y + away]];
        const free = sides.find(([x, y]) => x > 0 && y > 0 && x + wide < size.x && y + 16 < size.y && !taken.some((box) => x < box[0] + box[2] && x + wide > box[0] && y < box[1] + 16 && y + 16 > box[1]));
        if (!free) continue;
        taken.push([free[0], free[1], wide]);
        taken.push([spot.x - 4, spot.y - 8, 8]);
        const icon = L.divIcon({ className: "place-name", html: words([text]), iconSize: null, iconAnchor: [spot.x - free[0], spot.y - free[1]] });
        L.marker([place.lat, place.lon], { pane: "names", icon, interactive: false, keyboard: false }).addTo(this.names);
        drawn += 1;
      }
    },
  },
};
