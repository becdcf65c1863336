"""Runs: all of them, to find, compare, name, star, delete and download."""

import streamlit as st

from ui import run_card, run_comparison, run_list, runs, state, states, trash

st.title("Runs")
state.remember(*runs.PARAMETERS)
deleted = trash.note()

found = runs.rows()
if not found:
    states.empty("every run with its settings and its results, to compare, name, download and delete")
    trash.show()
    st.stop()

runs.figures(found)
st.header("All runs", anchor=False)
filters = runs.read(found)
runs.controls(found, filters)
shown = run_list.ordered(run_list.filtered(found, filters.kinds, filters.dataset, filters.words), filters.sort)
chosen, unknown = run_list.chosen_of(st.query_params.get(runs.CHOSEN, ""), found)
runs.not_here([name for name in unknown if not any(one.startswith(name) for one in deleted)])
if shown:
    runs.table(shown, chosen)
else:
    runs.nothing_found()

if len(chosen) == 1:
    run_card.show(chosen[0])
elif chosen:
    run_comparison.show(chosen)
else:
    st.caption("Choose a run to name, star, download or delete it; choose two to six to compare them.")
runs.damages([row for row in shown if row not in chosen])
trash.show()
