"""What the words of a fax suggest to the clerk who confirms it (IN-04, IN-16)."""

from collections.abc import Sequence

from aftercare_events.catalogue.archive import CustomerRecorded, DeviceRecorded

from .likeness import likeness, likenesses_in


def device_in(
    text: str, devices: Sequence[DeviceRecorded], customer_id: str | None
) -> DeviceRecorded | None:
    """The one device whose serial number is written there; those of the sender come first."""
    alike = likenesses_in(text)
    named = [device for device in devices if device.serial and likeness(device.serial) in alike]
    exact = [device for device in named if device.serial and device.serial in text]
    for some in (exact, named):
        own = [device for device in some if device.customer_id == customer_id]
        if len(own or some) == 1:
            return (own or some)[0]
    return None


def customer_in(text: str, customers: Sequence[CustomerRecorded]) -> str | None:
    """The customer whose name is written there; the longer name where one holds the other."""
    written = squeezed(text)
    names = {squeezed(customer.name): customer.customer_id for customer in customers}
    named = [name for name in names if name and name in written]
    whole = [name for name in named if not any(name in other for other in named if other != name)]
    return names[whole[0]] if len(whole) == 1 else None


def squeezed(text: str) -> str:
    """Without spaces and case: a machine that reads sees the ones and not always the others."""
    return "".join(text.split()).casefold()
