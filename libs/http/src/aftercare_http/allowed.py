"""Which methods a path knows: the framework names those of the first route that fits only."""

import re
from functools import lru_cache

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path


def allowed_methods(app: FastAPI, path: str) -> str:
    """The value of an `Allow` header."""
    methods = {
        method
        for route in iter_route_contexts(app.routes)
        if route.path and route.methods and _pattern(route.path).match(path)
        for method in route.methods
    }
    return ", ".join(sorted(methods))


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    return compile_path(template)[0]
