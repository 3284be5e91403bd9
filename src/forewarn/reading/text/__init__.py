"""Text: sentences, syntax, quotations and the classes of words that every reader of facts looks at."""
