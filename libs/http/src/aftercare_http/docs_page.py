"""`/docs`: the OpenAPI document to read and to try, with nothing loaded from elsewhere."""

from fastapi import APIRouter, Depends
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from .auth import public
from .state import state

router = APIRouter(include_in_schema=False)
# The package holds the viewer's files; its own wrapper would open routes past the guards.
viewer = Mount("/static/docs", StaticFiles(packages=[("fastapi_offline", "static")]))


@router.get("/docs", dependencies=[Depends(public())])
async def docs(request: Request) -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"Aftercare {state(request).service}",
        swagger_js_url="/static/docs/swagger-ui-bundle.js",
        swagger_css_url="/static/docs/swagger-ui.css",
        swagger_favicon_url="/static/docs/favicon.png",
    )
