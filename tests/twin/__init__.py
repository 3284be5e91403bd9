"""The slow twin: docs/model.md read once more in plain Python, compared bit for bit with the kernel."""
