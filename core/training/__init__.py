"""Training: one loop, its checkpoints, and the three stages that use it."""
