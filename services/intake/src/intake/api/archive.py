"""`PUT` and `GET` of customers, sites, devices, contracts, contacts and lines (IN-09, IN-12)."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response
from sqlalchemy import Table, select

from aftercare_events import catalogue
from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    LineRecorded,
    SiteRecorded,
)
from aftercare_http import (
    Body,
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
    set_position,
)

from .. import tables
from ..parts import Intake, intake_of
from .archive_bodies import ContactBody, ContractBody, CustomerBody, DeviceBody, LineBody, SiteBody
from .export import as_csv

Writer = Annotated[Principal, Depends(requires("intake:write"))]
router = Router(prefix="/v1", tags=["archive"])


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of entry: `name` in the path, the body that is put, the event that records it."""

    name: str
    body: type[Body]
    entry: type[msgspec.Struct]
    table: Table

    @property
    def key(self) -> str:
        return catalogue.entry_of(self.entry).key


COLLECTIONS = (
    Collection("customers", CustomerBody, CustomerRecorded, tables.customers),
    Collection("sites", SiteBody, SiteRecorded, tables.sites),
    Collection("devices", DeviceBody, DeviceRecorded, tables.devices),
    Collection("contracts", ContractBody, ContractRecorded, tables.contracts),
    Collection("contacts", ContactBody, ContactRecorded, tables.contacts),
    Collection("lines", LineBody, LineRecorded, tables.lines),
)


def add_routes(collection: Collection) -> None:
    """`PUT` and `GET` of one entry, `GET` of all."""
    path = f"/{collection.name}"

    async def put(
        entry_id: Id, body: Body, who: Writer, request: Request, response: Response
    ) -> dict[str, Any]:
        intake = intake_of(request)
        entry = await entry_of(intake, collection, entry_id, body)
        recorded = await intake.register.record(entry, intake.said(who.name))
        await make_visible(intake, recorded.position)
        response.status_code = 201 if recorded.change == "created" else 200
        set_position(response, recorded.position)
        return await shown(intake, entry)

    async def get(entry_id: Id, _: Writer, request: Request) -> dict[str, Any]:
        intake = intake_of(request)
        key = collection.table.c[collection.key]
        statement = select(collection.table.c.entry).where(key == entry_id)
        async with intake.engine.connect() as connection:
            found = (await connection.execute(statement)).scalar_one_or_none()
        if found is None:
            raise not_found(collection.key.removesuffix("_id"), entry_id)
        return await shown(intake, msgspec.convert(found, collection.entry))

    async def list_all(
        _: Writer, request: Request, limit: Limit = 50, cursor: Cursor = None
    ) -> Any:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        intake = intake_of(request)
        if "text/csv" in request.headers.get("accept", ""):
            fields = [collection.key, *collection.body.model_fields]
            return as_csv(collection.name, fields, everything(intake, collection))
        return await page(intake, collection, limit, cursor)

    # The body of each collection is its own; the framework reads it from the signature.
    put.__annotations__["body"] = collection.body
    one = f"{path}/{{entry_id}}"
    name = collection.key.removesuffix("_id")
    changed: dict[int | str, dict[str, Any]] = {
        200: {"description": "Changed, or as it was"},
        201: {"description": "Created"},
    }
    router.put(one, name=f"put_{name}", responses=changed)(put)
    router.get(one, name=f"get_{name}", dependencies=[MinPosition])(get)
    router.get(
        path,
        name=f"list_{collection.name}",
        dependencies=[MinPosition],
        response_model=Page[dict[str, Any]],
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )(list_all)


async def entry_of(
    intake: Intake, collection: Collection, entry_id: str, body: Body
) -> msgspec.Struct:
    """What the log will say of the entry; a person's details are sealed on the way."""
    values = body.model_dump() | {collection.key: entry_id}
    if isinstance(body, ContactBody):
        details, known_by = await intake.register.sealed(
            entry_id, body.name, body.phones, body.emails
        )
        values |= {"details": details, "known_by": known_by}
    known = collection.entry.__struct_fields__
    return msgspec.convert(
        {name: value for name, value in values.items() if name in known}, collection.entry
    )


async def shown(intake: Intake, entry: msgspec.Struct) -> dict[str, Any]:
    """An entry as it was put; of an erased person only that she was there."""
    values: dict[str, Any] = msgspec.to_builtins(entry)
    if isinstance(entry, ContactRecorded):
        del values["details"]
        values.pop("known_by", None)
        values |= await intake.vault.open(entry.details) or {"erased": True}
    return values


async def make_visible(intake: Intake, position: int) -> None:
    """Whoever put an entry may name it in the next request."""
    await intake.projector.wait_for(position)
    intake.archive.forget()


async def everything(intake: Intake, collection: Collection) -> AsyncGenerator[dict[str, Any]]:
    """All entries by their ids; erased people are left out."""
    key = collection.table.c[collection.key]
    async with intake.engine.connect() as connection:
        found = await connection.stream(select(collection.table.c.entry).order_by(key))
        async for (one,) in found:
            entry = await shown(intake, msgspec.convert(one, collection.entry))
            if "erased" not in entry:
                yield entry


async def page(
    intake: Intake, collection: Collection, limit: int, cursor: str | None
) -> Page[dict[str, Any]]:
    table = collection.table
    key = table.c[collection.key]
    statement = select(key, table.c.entry).order_by(key).limit(limit + 1)
    if (after := decode_cursor(cursor, tuple[str])) is not None:
        statement = statement.where(key > after[0])
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).all()
    entries = [msgspec.convert(row[1], collection.entry) for row in rows[:limit]]
    more = encode_cursor((rows[limit - 1][0],)) if len(rows) > limit else None
    return Page(items=[await shown(intake, entry) for entry in entries], next=more)


for each in COLLECTIONS:
    add_routes(each)
