"""A small company for days that are only planned."""

from aftercare_cli.simulate.company import Company, Contact, Customer, Device

COMPANY = Company(
    customers=(
        Customer(
            "C-NETWORK",
            ("1", "2", "3"),
            (Device("SW-1", "network", "S7712", "S-CENTRE"), Device("SW-2", "network", None)),
            (Contact("周敏", "+86 138 5550 0137", None),),
        ),
        Customer(
            "C-SOFTWARE",
            ("severe", "partial"),
            (Device("ERP-1", "software", "ERP 8"),),
            (Contact("王芳", None, "wang.fang@yongxin.example"),),
        ),
        Customer("C-LIGHTING", (), (), (Contact("陳志明", "+86 138 5550 0155", "c@l.example"),)),
    ),
    engineers=("E-1", "E-2"),
    officers=("O-1",),
    skills={"E-1": frozenset({"network"}), "E-2": frozenset({"network", "software"})},
)
