"""Datasets: reading and writing IDX files, finding, downloading and checking them, splitting and scaling.

`sources.load` is the door: a name or a folder in, a checked and read-only `dataset.Dataset` out.
"""
