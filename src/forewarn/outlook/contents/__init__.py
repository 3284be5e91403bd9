"""What an outlook says, part by part, as plain records of words and numbers."""
