"""Sweeps: one setting through several values and seeds, and the form that launches another."""

import streamlit as st

from ui import state, sweep_form, sweeps

st.title("Sweeps")
state.remember("sweep")

if saved := sweeps.chosen():
    progress = sweeps.look(saved)
    sweeps.result(progress)
    sweeps.making(progress)
    sweeps.charts(progress)
    sweeps.tables(progress)

st.header("New sweep", anchor=sweeps.FORM)
sweep_form.show()
