"""Facts of a language model, for those who run one; kept only where the text bears them out."""
