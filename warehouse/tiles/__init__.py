"""Tiles of a whole quarter to a few figures per economy, by one SQL text that two engines run."""
