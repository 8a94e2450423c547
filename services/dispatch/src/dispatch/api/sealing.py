"""Names and numbers on their way into the log and out to those who may read them."""

from collections.abc import Mapping
from typing import Any

from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault


async def opened(vault: Vault, sealed: Sealed | str | None) -> Mapping[str, Any] | None:
    """What was sealed; None where nothing was, or since the person was erased."""
    return await vault.open(sealed) if isinstance(sealed, Sealed) else None


async def sealed_name(vault: Vault, owner: str, name: str | None) -> Sealed | None:
    """Somebody of whom we know only the name, and of which customer: `owner`."""
    if name is None:
        return None
    return await vault.seal(vault.named(owner, name), {"name": name})


async def resealed(
    vault: Vault,
    owner_id: str,
    person: dict[str, str],
    known: Sealed | None,
    kind: str = "engineer",
) -> Sealed | None:
    """The box we have where it holds the same already, so that an unchanged entry stays equal."""
    if not person:
        return None
    if known is not None and await vault.open(known) == person:
        return known
    return await vault.seal(vault.person_id(kind, owner_id), person)
