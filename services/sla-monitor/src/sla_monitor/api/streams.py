"""The document of the streams, open to everybody as that of the routes is."""

import msgspec
from fastapi import Depends, Response

from aftercare_http import Router, public

from ..streams import document

router = Router(tags=["streams"], dependencies=[Depends(public())])


@router.get("/asyncapi.json", include_in_schema=False)
async def asyncapi() -> Response:
    return Response(msgspec.json.encode(document()), media_type="application/json")
