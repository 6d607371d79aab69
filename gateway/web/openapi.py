"""The OpenAPI 3.1 document of the JSON API, derived from the table of routes and the schemas, nothing by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from channels.attachments import MAX_FILES
from gateway.web.problems import MEDIA_TYPE
from gateway.web.route import Route
from gateway.web.schemas import ActionIn, ProblemOut
from gateway.web.services import DOCUMENT
from ticketing.action_body import body_schema
from ticketing.procedure import Action, Procedure

_REFERENCE: Final = "#/components/schemas/{model}"
_SAID: Final = {
    200: "Done",
    201: "Created, and committed",
    204: "Done, nothing to say",
    400: "Malformed",
    401: "Not signed in",
    403: "Not for this role",
    404: "Nothing there for this caller",
    408: "The body came too slowly",
    409: "Not at this step, or a stale version",
    413: "Too large",
    415: "Another media type",
    422: "Wrong fields, each named",
    429: "Too many requests; see Retry-After",
    500: "Our fault",
    503: "Cannot be stored now; see Retry-After",
}
_PARAMETER: Final = re.compile(r"\{(\w+)\}")


def build_document(routes: Iterable[Route], procedures: Iterable[Procedure], version: str) -> dict[str, Any]:
    """The document of every route that has a summary; what actions there are, and their bodies, is the procedures'."""
    actions = [action for procedure in procedures for action in procedure.actions.values()]
    described = [route for route in routes if route.summary]
    models = {model for route in described for model in (route.body, route.answer) if model} | {ProblemOut}
    paths: dict[str, dict[str, Any]] = {}
    for route in described:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, actions)
    known = {**_schemas(frozenset(models)), ActionIn.__name__: _any_action(actions)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gateway 124",
            "version": version,
            "summary": "Reports to 124, their tickets, and the work on them.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": known,
            "securitySchemes": {"staff": {"type": "http", "scheme": "bearer"}},
        },
    }


async def openapi(request: web.Request) -> web.Response:
    """The document itself."""
    return web.json_response(request.app[DOCUMENT])


@cache
def _schemas(models: frozenset[type[BaseModel]]) -> Mapping[str, Any]:
    """The models' schemas by name. Deriving them is dear, and they are the same for every application."""
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=_REFERENCE, by_alias=True
    )
    return cast("Mapping[str, Any]", schemas["$defs"])


def _any_action(actions: Sequence[Action]) -> dict[str, Any]:
    bodies = [{"title": action.code, "description": action.title["en"], **body_schema(action)} for action in actions]
    return {"description": (ActionIn.__doc__ or "").strip(), "anyOf": bodies}


def _operation(route: Route, actions: Sequence[Action]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "parameters": _parameters(route, actions),
        "responses": {str(status): _response(route, status) for status in sorted(_statuses(route))},
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(route.body, route.files)}
    if route.needs_staff:
        operation["security"] = [{"staff": []}]
        operation["description"] = f"For: {', '.join(sorted(route.access))}."
    return operation


def _operation_id(route: Route) -> str:
    words = [word for word in re.split(r"[^a-z0-9]+", route.path.removeprefix("/api/v1").lower()) if word]
    return "_".join((route.method.lower(), *words))


def _parameters(route: Route, actions: Sequence[Action]) -> list[dict[str, Any]]:
    codes = list(dict.fromkeys(action.code for action in actions))
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"enum": codes} if name == "action" else {})},
        }
        for name in _PARAMETER.findall(route.path)
    ]
    if route.query is not None:
        found += _query_parameters(route.query)
    if route.keyed:
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema})
    return found


@cache
def _query_parameters(query: type[BaseModel]) -> Sequence[dict[str, Any]]:
    schema = query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": _not_null(each)}
        for name, each in schema["properties"].items()
    ]


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query field is there or not; it is never null."""
    kept = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return kept[0] if len(kept) == 1 else {name: value for name, value in schema.items() if name != "title"}


def _content(body: type[BaseModel], json_part: str) -> dict[str, Any]:
    reference = {"$ref": _REFERENCE.format(model=body.__name__)}
    content: dict[str, Any] = {"application/json": {"schema": reference}}
    if json_part:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        properties = {json_part: reference, "files": {"type": "array", "items": file, "maxItems": MAX_FILES}}
        content["multipart/form-data"] = {
            "schema": {"type": "object", "required": [json_part], "properties": properties},
            "encoding": {json_part: {"contentType": "application/json"}},
        }
    return content


def _statuses(route: Route) -> set[int]:
    found = {*route.statuses, 503}
    if route.method == "POST":
        found |= {400, 408, 413, 415, 422}
    if route.query is not None:
        found.add(422)
    if route.budgeted:
        found.add(429)
    if route.needs_staff:
        found |= {401, 403}
    return found


def _response(route: Route, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": _SAID[status]}
    if status >= 400:
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=ProblemOut.__name__)}}}
    elif status != 204:
        answer = route.answer
        schema = {"$ref": _REFERENCE.format(model=answer.__name__)} if answer else {"type": "object"}
        response["content"] = {"application/json": {"schema": schema}}
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    return response
