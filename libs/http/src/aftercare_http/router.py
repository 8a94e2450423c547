"""The router that services put their routes on."""

from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from .auth import requires
from .lean import LeanHandler, LeanRoute, lean_endpoint, lean_openapi
from .openapi import operation_id
from .routing import Route

T = TypeVar("T")


class Router(APIRouter):
    """Routes that check the caller before the body, and lean ones besides.

    Each is whole: nothing about it depends on the application.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, generate_unique_id_function=operation_id, **options)

    def lean(
        self,
        method: str,
        path: str,
        handle: LeanHandler[T],
        *,
        body: type[T],
        answer: type[Any],
        scopes: Sequence[str],
        status: int = 200,
        customers: bool = False,
    ) -> None:
        """Add a route that decodes its body with msgspec and answers as `handle` says."""
        demand = requires(*scopes, customers=customers)
        self.add_api_route(
            path,
            lean_endpoint(handle, body, demand),
            methods=[method],
            status_code=status,
            dependencies=[Depends(demand)],
            response_model=None,
            openapi_extra=lean_openapi(body, answer, status),
            route_class_override=LeanRoute,
        )
