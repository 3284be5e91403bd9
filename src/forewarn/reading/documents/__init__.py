"""Documents: from files of any kind to text that can be read."""
