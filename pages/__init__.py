"""The pages of the dashboard, one screen a file: read values, call core, lay out."""
