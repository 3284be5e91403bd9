"""Where things stand in a scenario: its structure, addresses of its numbers, and problems that name them."""
