"""Reference results: what this project's own code obtained, made small enough to come with it.

    weights    a network's files with half the digits, each weight stored once
    networks   those of a run, as small as its counts allow
    shipping   a finished run -> a compacted one, checked
    trials     tables of runs that are shipped without their networks: sweeps, seeds, controls
    plan       what all of it consists of, in order of worth
    making     trains and ships it, and goes on where it was

The runs are opened by `core.store`. TensorFlow is loaded only by what trains or ships.
"""
