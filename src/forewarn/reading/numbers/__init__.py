"""Numbers in text, and the quantities that they state."""
