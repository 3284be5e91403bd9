"""Charts without a drawing library: geometry in user units, and SVG as text."""
