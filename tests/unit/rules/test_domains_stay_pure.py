import grimp
import pytest

from support.import_rules import PureContract

OPTIONS = {
    "modules": ["intake.domain"],
    "allowed": ["aftercare_events.catalogue", "msgspec"],
    "forbidden": ["os"],
}


def _kept(imported: str) -> bool:
    graph = grimp.ImportGraph()
    for module in ("intake.domain", "intake.domain.case", imported):
        graph.add_module(module)
    graph.add_import(importer="intake.domain.case", imported=imported)
    return PureContract("pure", {}, OPTIONS).check(graph, verbose=False).kept


@pytest.mark.parametrize(
    "imported", ["msgspec", "datetime", "aftercare_events.catalogue.case", "intake.domain.identity"]
)
def test_plain_values_may_be_imported(imported: str) -> None:
    assert _kept(imported)


@pytest.mark.parametrize(
    "imported",
    ["os", "sqlalchemy", "aftercare_events.jetstream", "intake.tables", "dispatch.domain"],
)
def test_everything_else_may_not(imported: str) -> None:
    assert not _kept(imported)
