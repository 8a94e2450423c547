"""The import rule of the domains, for import-linter: an allow-list, so that nothing slips in."""

import sys
from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output


class PureContract(Contract):
    """`modules` import themselves, `allowed`, and the standard library without `forbidden`."""

    type_name = "pure"

    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField())
    forbidden = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        wrong = [
            (importer, imported)
            for domain in self.modules
            for importer in sorted({domain, *graph.find_descendants(domain)})
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._may_import(domain, imported)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} must not import {imported}")

    def _may_import(self, domain: str, imported: str) -> bool:
        allowed: list[Any] = [domain, *self.allowed]
        if any(imported == name or imported.startswith(f"{name}.") for name in allowed):
            return True
        return imported in sys.stdlib_module_names and imported not in self.forbidden
