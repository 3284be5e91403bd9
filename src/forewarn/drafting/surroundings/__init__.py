"""The area of a report: its places, roads, zones and people, from packs, the user's files or a gazetteer."""
