"""The brief: pages of A4 to hand on."""
