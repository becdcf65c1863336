"""Streamlit building blocks: what every page of the dashboard is made of."""
