"""The door of the dashboard: `streamlit run streamlit_app.py`, or `make app`.

Holds what lives as long as the server: the background jobs, closed with it, and a route that says the server is up.
The pages themselves begin in `ui/router.py`; as the script's folder is `ui/`, Streamlit's own discovery of a `pages/`
folder stays out of the way and every deep link opens with its sidebar.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """While the server runs: the jobs may be used; afterwards their worker processes are gone."""
    # Imported here and not above: cached functions need the runtime that exists by now.
    from ui import loading

    loading.warm()
    try:
        yield
    finally:
        await asyncio.to_thread(loading.close)


async def health(_request: Request) -> JSONResponse:
    """Says that the server answers."""
    return JSONResponse({"status": "ok"})


async def overview(request: Request) -> RedirectResponse:
    """The first page is served at the bare address alone; somebody who types its name finds it there."""
    return RedirectResponse(f"./?{request.url.query}".removesuffix("?"))


app = st.App(
    Path(__file__).resolve().parent / "ui" / "router.py",
    lifespan=lifespan,
    routes=[Route("/api/health", health), Route("/overview", overview)],
)
