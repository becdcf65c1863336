"""Predict: the digits in pictures that somebody uploads, takes or draws, how sure the network is of each, and why."""

from ui import desk, reader, state

state.remember(*desk.PARAMETERS)
run, predictor = reader.choose("Predict")
desk.show(run, predictor)
