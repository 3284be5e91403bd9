"""What a scenario must keep to, and what looks wrong and is allowed."""
