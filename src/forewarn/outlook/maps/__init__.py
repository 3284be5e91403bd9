"""Maps: for the page, and layers for QGIS."""
