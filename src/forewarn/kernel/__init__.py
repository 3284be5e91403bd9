"""One day's step on plain arrays. `docs/model.md` defines it; nothing here knows names, dates or files."""
