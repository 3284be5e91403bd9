"""``places.gpkg``: places, routes and posts with the figures of the last day, and boundaries, for QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from forewarn.forecast.quantiles import QUANTILES
from forewarn.outlook.format.suppression import suppressed_parts
from forewarn.scenario.geometry.outlines import outline_of

if TYPE_CHECKING:
    import geopandas
    import numpy as np
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from forewarn.outlook.view import ForecastView
    from forewarn.scenario import Scenario

CRS: Final = "EPSG:4326"
RANKS: Final = ((0.05, "p05"), (0.5, "median"), (0.95, "p95"))
_QML: Final = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28" styleCategories="Symbology">
 <renderer-v2 type="singleSymbol">
  <symbols><symbol type="{geometry}" name="0" alpha="{alpha}"><layer class="{layer}" enabled="1">
   <Option type="Map">{options}</Option>
   <data_defined_properties><Option type="Map"><Option name="properties" type="Map">{sizes}</Option>
   <Option name="type" value="collection" type="QString"/></Option></data_defined_properties>
  </layer></symbol></symbols>
 </renderer-v2>
</qgis>"""


def write_places(view: ForecastView, path: Path) -> None:
    """Write the layers `places`, `routes`, `posts` and `boundaries`, and the table of their styles for QGIS.

    Figures are people newly displaced there (`present`), of these people within their own place (`within`),
    people who left home there (`left`) and who went along a route (both directions), by course at the end of
    the forecast, as median and 90 % interval. Numbers that are suppressed are missing. If it is not known
    where people go, `present`, `within` and the figures of routes are left out.
    """
    import pyogrio

    layers = {
        "places": _places(view),
        "routes": _routes(view),
        "posts": _posts(view.scenario),
        "boundaries": _boundaries(view.scenario),
    }
    written = {name: layer for name, layer in layers.items() if len(layer)}
    for number, (name, layer) in enumerate(written.items()):
        pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", append=number > 0)
    pyogrio.write_dataframe(_styles(view, written), path, layer="layer_styles", driver="GPKG", append=True)


def _places(view: ForecastView) -> geopandas.GeoDataFrame:
    import geopandas

    scenario, last = view.scenario, len(view.dates) - 1
    places = scenario.places
    table: dict[str, Any] = {
        "name": [place.name for place in places],
        "pcode": [place.pcode for place in places],
        "admin1": [place.admin1 for place in places],
        "country": [place.country for place in places],
        "kind": [place.kind for place in places],
        "zone": [scenario.zones[place.zone].title for place in places],
        "residents": [place.residents for place in places],
        "displaced": [place.displaced for place in places],
    }
    if scenario.where_known:
        table |= _figures(view, "present", view.present_on(last))
        table |= _figures(view, "within", view.within_on(last), view.within_suppressed(last).values)
    table |= _figures(view, "left", view.left_by(last))
    points = geopandas.points_from_xy([place.lon for place in places], [place.lat for place in places])
    return geopandas.GeoDataFrame(table, geometry=points, crs=CRS)


def _routes(view: ForecastView) -> geopandas.GeoDataFrame:
    import geopandas
    from shapely.geometry import LineString

    scenario = view.scenario
    at = {place.name: (place.lon, place.lat) for place in scenario.places}
    routes = scenario.routes
    table: dict[str, Any] = {
        "from": [route.from_ for route in routes],
        "to": [route.to for route in routes],
        "km": [route.km for route in routes],
        "road": [route.road for route in routes],
        "crossing": [route.crossing or "" for route in routes],
    }
    if scenario.where_known:
        table |= _figures(view, "moved", view.moved.isel(table_day=-1))
    lines = [LineString([at[route.from_], at[route.to]]) for route in routes]
    return geopandas.GeoDataFrame(table, geometry=lines, crs=CRS)


def _posts(scenario: Scenario) -> geopandas.GeoDataFrame:
    import geopandas

    posts = [post for post in scenario.posts if post.lat is not None and post.lon is not None]
    table = {"name": [post.name for post in posts], "radius_km": [post.radius_km for post in posts]}
    points = geopandas.points_from_xy([post.lon for post in posts], [post.lat for post in posts])
    return geopandas.GeoDataFrame(table, geometry=points, crs=CRS)


def _boundaries(scenario: Scenario) -> geopandas.GeoDataFrame:
    import geopandas
    from shapely import MultiPolygon

    areas = () if scenario.boundaries is None else scenario.boundaries.areas
    outlines = [outline_of(area.wkt)[0] for area in areas]
    table = {"name": [area.name for area in areas], "pcode": [area.pcode for area in areas]}
    shapes = [MultiPolygon(getattr(each, "geoms", [each])) for each in outlines]
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _figures(
    view: ForecastView, name: str, found: xr.DataArray, hidden: NDArray[np.bool_] | None = None
) -> dict[str, Any]:
    """Columns such as ``staged_present_median`` of (course, quantile, …); missing where suppressed."""
    import pandas as pd

    if hidden is None:
        hidden = suppressed_parts(found.values, suppress_below=view.suppress_below)
    columns: dict[str, Any] = {}
    for course, counts, gone in zip(found["course"].values.astype(str), found.values, hidden, strict=True):
        for rank, short in RANKS:
            at = QUANTILES.index(rank)
            numbers = pd.array(counts[at], dtype="Int64")
            numbers[gone[at]] = pd.NA
            columns[f"{course}_{name}_{short}"] = numbers
    return columns


def _styles(view: ForecastView, layers: dict[str, geopandas.GeoDataFrame]) -> pd.DataFrame:
    import pandas as pd

    scenario, chances = view.scenario, view.chances
    likely = [course for course in scenario.courses if chances.get(course.name, 0.0) > 0.0]
    gravest = max(likely, key=lambda course: sum(len(stage.places) for stage in course.stages)).name
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": name,
            "f_geometry_column": "geom",
            "styleName": f"forewarn {name}",
            "styleQML": _qml(name, gravest, where=scenario.where_known),
            "styleSLD": "",
            "useAsDefault": True,
            "description": "Made by Forewarn",
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(scenario.issued),
        }
        for name in layers
    ]
    return pd.DataFrame(rows)


def _qml(layer: str, course: str, *, where: bool) -> str:
    if layer == "places":
        size = f'2 + coalesce(sqrt("{course}_present_median"), 0) / 25' if where else "2"
        return _symbol(
            "marker", "SimpleMarker", {"color": "8,60,104,200", "name": "circle", "size": "2"}, "size", size
        )
    if layer == "routes":
        width = f'0.2 + coalesce(sqrt("{course}_moved_median"), 0) / 120' if where else "0.2"
        return _symbol(
            "line", "SimpleLine", {"line_color": "90,90,90,180", "line_width": "0.3"}, "outlineWidth", width
        )
    if layer == "boundaries":
        outline = {
            "style": "no",
            "outline_color": "109,106,134,255",
            "outline_style": "dash",
            "outline_width": "0.3",
        }
        return _symbol("fill", "SimpleFill", outline, "outlineWidth", "0.3")
    return _symbol(
        "marker", "SimpleMarker", {"color": "163,58,0,255", "name": "triangle", "size": "3"}, "size", "3"
    )


def _symbol(geometry: str, layer: str, options: dict[str, str], changing: str, expression: str) -> str:
    from xml.sax.saxutils import quoteattr

    written = "".join(
        f'<Option name={quoteattr(name)} value={quoteattr(value)} type="QString"/>'
        for name, value in options.items()
    )
    sizes = (
        f'<Option name="{changing}" type="Map"><Option name="active" value="true" type="bool"/>'
        f'<Option name="expression" value={quoteattr(expression)} type="QString"/>'
        '<Option name="type" value="3" type="int"/></Option>'
    )
    return _QML.format(geometry=geometry, alpha="1", layer=layer, options=written, sizes=sizes)
