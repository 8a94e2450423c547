"""Client, curls and examples against what the OpenAPI documents say today."""

import pytest

from support import client_writer, curl_writer
from support.documents import SERVICES, document_of, examples_of, operations
from support.example_calls import WITHOUT_EXAMPLE


def test_the_client_is_what_the_documents_say() -> None:
    for file, source in client_writer.written().items():
        assert file.read_text("utf-8") == source, f"{file.name}: run make client"


@pytest.mark.parametrize("service", SERVICES)
def test_the_curls_are_what_the_document_says(service: str) -> None:
    page = curl_writer.page_of(service).read_text("utf-8")
    assert page == curl_writer.written(service), "run make client"


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_a_curl(service: str) -> None:
    page = curl_writer.page_of(service).read_text("utf-8")
    for operation in operations(document_of(service)):
        assert f"`{operation.method} {operation.path}`" in page


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_an_example(service: str) -> None:
    names = {operation.name for operation in operations(document_of(service))}
    assert names - examples_of(service).keys() == WITHOUT_EXAMPLE[service].keys()


@pytest.mark.parametrize("service", SERVICES)
def test_every_body_and_every_place_in_a_path_has_an_example(service: str) -> None:
    for operation in operations(document_of(service)):
        if operation.name not in WITHOUT_EXAMPLE[service]:
            assert operation.body is None or "example" in operation.body[1], operation.name
            for parameter in operation.parameters:
                assert parameter["in"] != "path" or "example" in parameter, operation.name
