"""What reports say that a scenario is drafted from."""
