"""The script that Streamlit runs for every visit and every click.

Nothing happens, not even an import, unless it is run as the main script: worker processes that are started, or started
again, while it runs import it once more under another name.
"""

if __name__ == "__main__":
    from ui.shell import show

    show()
