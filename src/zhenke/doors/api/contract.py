"""The contract of the door as one API object and its OpenAPI text, which is pinned by a test."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from zhenke import __version__
from zhenke.doors.api import (
    consents,
    customers,
    duplicates,
    freshness,
    grades,
    guardian,
    household,
    imports,
    membership,
    pieces,
    points,
    records,
    returns,
    sales,
    tasks,
    team,
    timeline,
    traits,
    visits,
)
from zhenke.doors.api.access import TokenAuth
from zhenke.doors.api.errors import CONTENT_TYPE, register
from zhenke.doors.api.reading import BoundedParser
from zhenke.doors.api.repeats import SAFE, once

ABOUT = """The till and other programs speak to the shop here. See docs/api.md.

Send `Authorization: Bearer TOKEN`, and with every call that writes an `Idempotency-Key`: the same call again has one
effect and the same answer. Keys are text, money is whole minor units with a currency, refusals are problem+json."""
PREFIX = "api/v1/"
_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "The caller's own name of this call, the same when it is sent again; kept for a week.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


class ShopApi(NinjaAPI):
    """The router, whose contract names the header of repeats and the type of refusals."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the function's own name, so that a moved file changes no contract."""
        return operation.view_func.__name__

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Return the contract."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    if method.upper() not in SAFE and _KEY_HEADER not in operation["parameters"]:
        operation["parameters"].append(_KEY_HEADER)
    for status, answer in operation["responses"].items():
        if int(status) >= 400 and "application/json" in answer.get("content", {}):
            answer["content"] = {CONTENT_TYPE: answer["content"]["application/json"]}


def _open() -> ShopApi:
    made = ShopApi(
        title="Zhenke 珍客",
        version=__version__,
        description=ABOUT,
        urls_namespace="api-1",
        auth=TokenAuth(),
        parser=BoundedParser(),
    )
    register(made)
    made.add_decorator(once, mode="view")
    for prefix, noun in (
        ("/customers", customers),
        ("/customers", household),
        ("/customers", consents),
        ("/customers", guardian),
        ("/customers", visits),
        ("/customers", traits),
        ("/customers", freshness),
        ("/customers", team),
        ("/customers", timeline),
        ("/sales", sales),
        ("/returns", returns),
        ("/tasks", tasks),
        ("/grades", grades),
        ("/imports", imports),
        ("/duplicates", duplicates),
        ("/records", records),
    ):
        made.add_router(prefix, noun.router)
    made.add_router("/fields", traits.fields_router)
    made.add_router("/merges", duplicates.merges_router)
    made.add_router("/customers", pieces.of_customers)
    made.add_router("/pieces", pieces.router)
    made.add_router("/customers", membership.of_customers)
    made.add_router("/customers", points.router)
    made.add_router("/programme", membership.router)
    return made


api = _open()


@cache
def openapi() -> dict[str, Any]:
    """Return the contract as plain values, made once."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    return made


@cache
def offered(method: str, route: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return which names an address takes in its query and in its form; a name outside the contract is refused."""
    path = "/" + route.replace("<", "{").replace(">", "}")
    operation = openapi()["paths"].get(path, {}).get(method.lower(), {})
    query = frozenset(one["name"] for one in operation.get("parameters", []) if one["in"] == "query")
    body = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {}).get("schema", {})
    return query, frozenset(body.get("properties", {}))
