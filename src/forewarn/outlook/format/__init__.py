"""Numbers, dates, ranges and words as people read them."""
