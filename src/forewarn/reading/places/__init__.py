"""Places named in text, resolved by a gazetteer."""
