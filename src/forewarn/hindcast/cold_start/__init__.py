"""Cold start: who goes where before anybody has been registered."""
