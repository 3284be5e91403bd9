"""The front door: the functions of ``import forewarn``, thin over the rooms.

Scenarios come as one, by a bundled name or as a folder; forecasts as an xarray Dataset, or a part of one.
Summaries are Datasets with named dims, units and long names. `docs/api.md` lists all of it.
"""
