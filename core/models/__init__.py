"""The networks: fast layers, their mathematics, and how they are put together."""
