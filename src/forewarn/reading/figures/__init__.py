"""Displacement figures: which quantities they are, and what surrounds them."""
