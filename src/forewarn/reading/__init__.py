"""Reading: documents in, facts with their evidence out."""
