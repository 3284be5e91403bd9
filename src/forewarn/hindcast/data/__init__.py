"""What was known on an issue day, and what turned out to be true."""
